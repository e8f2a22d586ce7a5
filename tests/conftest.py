"""Real stores for every test, emptied before each; time that a test can move."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from redis import RedisCluster

from clicker import i18n, wiring
from clicker.settings import Settings
from clicker.stores import embedded, schema
from clicker.stores.embedded import Running
from clicker.stores.postgres import connection
from clicker.web.app import create_app
from clicker.wiring import Services
from tests.browser import Browser, chromium
from tests.cluster import cluster
from tests.player import Device

TABLES = "player, session, counter, history, block, audit, anomaly, board, board_place, figures"


class FakeClock:
    """A clock that stands still until it is moved; begins at a plausible Unix time."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Stores:
    """The servers that this test run started."""

    database_url: str
    redis_url: str
    rq_redis_url: str
    valkey: Running
    """The single server; with --cluster it serves RQ only."""

    def environment(self) -> dict[str, str]:
        """What a process of ours needs to find them."""
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "RQ_REDIS_URL": self.rq_redis_url,
        }


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a store: not pytest's own, which nobody but root may enter, as PostgreSQL must."""
    with tempfile.TemporaryDirectory(prefix="clicker-") as made:
        yield Path(made)


@pytest.fixture(scope="session")
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    clustered = request.config.getoption("--cluster")
    with tempfile.TemporaryDirectory(prefix="clicker-") as made, running_in(Path(made), clustered) as found:
        yield found


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cluster", action="store_true", help="play on a Valkey Cluster of three nodes")


@contextmanager
def running_in(folder: Path, clustered: bool) -> Iterator[Stores]:
    with ExitStack() as stack:
        database_url = stack.enter_context(embedded.postgres(folder / "postgres"))
        valkey = stack.enter_context(embedded.valkey(folder / "valkey"))
        redis_url = stack.enter_context(cluster(folder)) if clustered else valkey.url
        wiring.build(Settings(database_url=database_url, redis_url=redis_url, rq_redis_url=valkey.url))
        schema.upgrade()
        yield Stores(database_url, redis_url, valkey.url, valkey)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module at a time: while Playwright runs, no other event loop may in this thread."""
    with chromium() as started:
        yield started


def wipe(services: Services) -> None:
    """Empties the hot store, all nodes of it."""
    if isinstance(services.redis, RedisCluster):
        services.redis.flushall(target_nodes=RedisCluster.PRIMARIES)
    else:
        services.redis.flushall()


def empty(services: Services) -> None:
    """Empties both stores and marks the hot store ready."""
    with connection() as database:  # first, or a web process that runs would fill the hot store from it again
        database.execute_sql("SET session_replication_role = replica")  # the audit log's guard stands aside
        database.execute_sql(f"TRUNCATE {TABLES}")
        database.execute_sql("RESET session_replication_role")
    wipe(services)
    services.taps.rebuild()


@pytest.fixture(autouse=True)
def english() -> None:
    """Requests of an earlier test leave their language in this thread."""
    i18n.set_language(None)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def settings(stores: Stores) -> Settings:
    return Settings(
        database_url=stores.database_url, redis_url=stores.redis_url, rq_redis_url=stores.rq_redis_url
    )


@pytest.fixture
def services(settings: Settings, clock: FakeClock) -> Iterator[Services]:
    built = wiring.build(settings, clock)
    empty(built)
    yield built
    built.postgres.close_all()
    built.redis.close()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def alice(app: Flask, clock: FakeClock) -> Device:
    """Alice's phone: session open, username chosen."""
    return Device(app.test_client(), clock).opened().named("alice")
