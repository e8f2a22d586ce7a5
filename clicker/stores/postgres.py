"""The ledger store's connection pool and the base of every table."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import Model, OperationalError, PeeweeException, Proxy
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

Errors = (PeeweeException, MaxConnectionsExceeded, TimeoutError)
"""What every query may raise when Postgres is away, full or refuses."""

CONNECT_TIMEOUT_S = 3
STATEMENT_TIMEOUT_MS = 15_000
POOL_SIZE = 8
POOL_TIMEOUT_S = 3
STALE_AFTER_S = 300
_places = threading.BoundedSemaphore(POOL_SIZE)
"""As many as there are connections: who waits for a frozen Postgres must not take every place that taps need."""
_visitors = threading.BoundedSemaphore(2)
"""Places of the operator's reading among them."""
VISIT_TIMEOUT_MS = 2000
_LOST = {"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15_000}
"""A peer that is gone without a word is given up after about 20 s (libpq: the first two in s, the last in ms)."""
_NOWHERE = "postgresql://127.0.0.1:1/none"

database: Any = Proxy()
"""The database that the models use; `connect` fills it in."""


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


def connect(url: str) -> PooledPostgresqlDatabase:
    """A bounded, waiting pool. Connects when first used; every statement has a time limit."""
    pool = PooledPostgresqlDatabase(
        url or _NOWHERE,
        max_connections=POOL_SIZE,
        timeout=POOL_TIMEOUT_S,
        stale_timeout=STALE_AFTER_S,
        connect_timeout=CONNECT_TIMEOUT_S,
        **_LOST,
        options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC",
        autoconnect=False,
    )
    database.initialize(pool)
    return pool


@contextmanager
def connection() -> Iterator[Any]:
    """A checked connection for this thread, given back at the end of the block.

    A pooled connection may have died with the server: it is tried once and replaced, so that a restart of
    Postgres costs nobody an error. Raises one of `Errors`.
    """
    if not _places.acquire(timeout=POOL_TIMEOUT_S):
        raise MaxConnectionsExceeded("Postgres is slow: too many wait for it")
    try:
        database.connect()
        try:
            database.execute_sql("SELECT 1")
        except OperationalError:
            database.manual_close()
            database.connect()
        yield database
    finally:
        if not database.is_closed():
            database.close()
        _places.release()


@contextmanager
def briefly() -> Iterator[Any]:
    """A connection for what an operator wants to read: for a short time, and few at once, so that play has the rest.

    Raises one of `Errors`, also when the places are taken.
    """
    if not _visitors.acquire(timeout=POOL_TIMEOUT_S):
        raise MaxConnectionsExceeded("Postgres is slow: other questions of the operator wait for it")
    try:
        with connection() as found, found.atomic():
            found.execute_sql(f"SET LOCAL statement_timeout = {VISIT_TIMEOUT_MS}")
            yield found
    finally:
        _visitors.release()
