"""Stores that are away for a while, and come back by themselves."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2

from clicker.wiring import Services

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


def freeze_hot_store(game: Services, seconds: float) -> None:
    """The hot store answers nobody for so long."""
    game.redis.execute_command("CLIENT", "PAUSE", round(seconds * 1000), "ALL")
