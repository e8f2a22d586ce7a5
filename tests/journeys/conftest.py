"""A real web process and phones that play on it; every phone is asked at the end what its browser complained of."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from clicker import wiring
from clicker.settings import Settings
from clicker.stores import embedded
from clicker.stores.embedded import Running
from clicker.wiring import Services
from tests.conftest import Stores, empty
from tests.journeys.phone import Phone
from tests.processes import Web, running
from tests.telegram import ALICE
from tests.waiting import eventually

FAST = {
    "TAP_RATE": "400",
    "LIMIT_BURST": "1000/second",
    "LIMIT_SENSITIVE": "1000/minute",
    "LOG_FORMAT": "text",
}
"""The bucket fills quickly, so that a journey with deferred taps does not take a minute; and a page whose clock is
wound forward asks more in a second than any real one may."""


@pytest.fixture(scope="package")
def shared_web(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    web = Web({**stores.environment(), **FAST}, tmp_path_factory.mktemp("web") / "web.log")
    with running(web):
        yield web


@pytest.fixture
def game(stores: Stores) -> Iterator[Services]:
    """The emptied game's services, at the real time, to look behind the page and to act as the worker."""
    built = at_real_time(stores.database_url, stores.redis_url, stores.rq_redis_url)
    empty(built)
    yield built
    built.postgres.close_all()
    built.redis.close()


def at_real_time(database_url: str, redis_url: str, rq_redis_url: str) -> Services:
    return wiring.build(Settings(database_url=database_url, redis_url=redis_url, rq_redis_url=rq_redis_url))


@pytest.fixture
def web(shared_web: Web, game: Services) -> Web:
    eventually(shared_web.ready, 30, f"web is ready, see {shared_web.log}")
    return shared_web


@pytest.fixture
def own_web(stores: Stores, game: Services, tmp_path: Path) -> Iterator[Web]:
    """A web process that this test may kill."""
    web = Web({**stores.environment(), **FAST}, tmp_path / "web.log")
    with running(web):
        eventually(web.ready, 30, f"web is ready, see {web.log}")
        yield web


@pytest.fixture
def own_store(stores: Stores, game: Services, folder: Path) -> Iterator[tuple[Web, Services, Running]]:
    """A web process and its services on a hot store that this test may kill."""
    with embedded.valkey(folder / "valkey") as valkey:
        urls = {"DATABASE_URL": stores.database_url, "REDIS_URL": valkey.url, "RQ_REDIS_URL": valkey.url}
        web = Web({**urls, **FAST}, folder / "web.log")
        with running(web):
            eventually(web.ready, 30, f"web is ready, see {web.log}")
            yield web, at_real_time(stores.database_url, valkey.url, valkey.url), valkey


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Makes phones: `phone(url, player, forgive="text of a complaint that this journey provokes")`."""
    made: list[tuple[Phone, tuple[str, ...]]] = []

    def make(url: str, player: int = ALICE, forgive: tuple[str, ...] = (), **context: Any) -> Phone:
        made.append((Phone(browser, url, player, **context), forgive))
        return made[-1][0]

    yield make
    complaints = [
        said for each, forgive in made for said in each.complaints if not said.startswith(forgive or ("\0",))
    ]
    for each, _ in made:
        each.context.close()
    assert complaints == []


@pytest.fixture
def alice(phone: Callable[..., Phone], web: Web) -> Phone:
    """Alice's phone, in the game, with a name."""
    return phone(web.url).opened().named("alice")
