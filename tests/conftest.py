"""Real stores for every test, emptied before each; time that a test can move."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from clicker import wiring
from clicker.settings import Settings
from clicker.stores import embedded, schema
from clicker.stores.postgres import connection
from clicker.web.app import create_app
from clicker.wiring import Services
from tests.browser import Browser, chromium
from tests.player import Device

TABLES = "player, session, counter"


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
    valkey: Any

    def environment(self) -> dict[str, str]:
        """What a process of ours needs to find them."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a store: not pytest's own, which nobody but root may enter, as PostgreSQL must."""
    with tempfile.TemporaryDirectory(prefix="clicker-") as made:
        yield Path(made)


@pytest.fixture(scope="session")
def stores() -> Iterator[Stores]:
    with tempfile.TemporaryDirectory(prefix="clicker-") as made, running_in(Path(made)) as found:
        yield found


@contextmanager
def running_in(folder: Path) -> Iterator[Stores]:
    with embedded.postgres(folder / "postgres") as database_url, embedded.valkey(folder / "valkey") as valkey:
        wiring.build(Settings(database_url=database_url, redis_url=valkey.url))
        schema.upgrade()
        yield Stores(database_url, valkey.url, valkey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def empty(services: Services) -> None:
    """Empties both stores and marks the hot store ready."""
    services.redis.flushall()
    with connection() as database:
        database.execute_sql(f"TRUNCATE {TABLES}")
    services.taps.rebuild()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def settings(stores: Stores) -> Settings:
    return Settings(
        database_url=stores.database_url, redis_url=stores.redis_url, rq_redis_url=stores.redis_url
    )


@pytest.fixture
def services(settings: Settings, clock: FakeClock) -> Iterator[Services]:
    built = wiring.build(settings, clock)
    empty(built)
    yield built
    built.postgres.close_all()
    built.redis.connection_pool.disconnect()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def alice(app: Flask, clock: FakeClock) -> Device:
    """Alice's phone: session open, username chosen."""
    return Device(app.test_client(), clock).opened().named("alice")
