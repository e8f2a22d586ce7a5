"""Stores that are away for a while."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2

from tests.conftest import Stores

_BYE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


@contextmanager
def postgres_away(database_url: str) -> Iterator[None]:
    """Postgres turns everybody away."""
    server, _, name = database_url.rpartition("/")
    with closing(psycopg2.connect(f"{server}/template1")) as keeper:
        keeper.autocommit = True
        cursor = keeper.cursor()
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            cursor.execute(_BYE, (name,))
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def hot_store_frozen(stores: Stores) -> Iterator[None]:
    """The hot store takes calls and answers none."""
    os.kill(stores.valkey.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(stores.valkey.pid, signal.SIGCONT)
