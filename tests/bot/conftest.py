"""One town for all conversations; each test has people of its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from clicker import wiring
from clicker.settings import Settings
from clicker.stores import embedded
from clicker.stores.embedded import Running
from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer
from tests.bot.town import Town
from tests.conftest import Stores, empty

_user_ids = count(70_001)


@pytest.fixture(scope="package")
def game(stores: Stores) -> Iterator[Services]:
    """The same game as the bot's, to look into and to tap in; `services` would empty it under the bot."""
    built = wiring.build(Settings(database_url=stores.database_url, redis_url=stores.redis_url))
    empty(built)
    yield built
    built.postgres.close_all()
    built.redis.connection_pool.disconnect()


@pytest.fixture(scope="module")
def hot_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A hot store of one module's own: to be stopped, or without anybody else's live messages."""
    with embedded.valkey(tmp_path_factory.mktemp("valkey")) as valkey:
        yield valkey


@pytest.fixture(scope="module")
def alone(stores: Stores, hot_store: Running) -> Settings:
    """For a bot whose live messages no other one renews: the town's runs on, and would take them for its own."""
    return Settings(
        database_url=stores.database_url, redis_url=hot_store.url, rq_redis_url=stores.rq_redis_url
    )


@pytest.fixture(scope="package")
def town(game: Services, stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    built = Town.built(stores.environment(), tmp_path_factory.mktemp("town"))
    try:
        yield built.started()
    finally:
        built.stop()
        assert "Traceback" not in built.log(), f"see {built.bot.log}"


def people(town: Town) -> Newcomer:
    """Makes people that nobody has met yet, with usernames that nobody has."""

    def somebody(**person: str) -> Chat:
        number = next(_user_ids)
        return town.chat(number).introduce(**{"first_name": "Zoe", "username": f"zoe_{number}", **person})

    return somebody


@pytest.fixture
def newcomer(town: Town) -> Newcomer:
    return people(town)


@pytest.fixture
def alice(newcomer: Newcomer) -> Chat:
    """A player with a username, who has just seen the main message."""
    chat = newcomer()
    chat.say("/start")
    chat.say(f"alice_{chat.user}")
    return chat
