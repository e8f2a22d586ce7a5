"""The ledger store's connection pool and the base of every table."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
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
"""Places of the operator's pages among them."""
_visit: ContextVar[int] = ContextVar("visit", default=0)
"""How long each statement may take if an operator's page asks, in ms; 0 for everybody else."""
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


def begin_visit(limit_ms: int) -> Token[int]:
    """From now on this request is an operator's: few of them ask at once, and no statement takes longer than this."""
    return _visit.set(limit_ms)


def end_visit(token: Token[int]) -> None:
    """The request that began with this token is answered."""
    _visit.reset(token)


@contextmanager
def connection() -> Iterator[Any]:
    """A checked connection for this thread, given back at the end of the block.

    Raises one of `Errors`; to an operator's page (`begin_visit`) also when all places of such pages are taken.
    """
    limit_ms = _visit.get()
    if not limit_ms:
        with _connection() as found:
            yield found
        return
    if not _visitors.acquire(timeout=POOL_TIMEOUT_S):
        raise MaxConnectionsExceeded("Postgres is slow: other questions of the operator wait for it")
    try:
        with _connection() as found:
            found.execute_sql(f"SET statement_timeout = {limit_ms:d}")
            try:
                yield found
            finally:
                _let_go(found)
    finally:
        _visitors.release()


@contextmanager
def _connection() -> Iterator[Any]:
    """A pooled connection may have died with the server: it is tried once and replaced, so that a restart of
    Postgres costs nobody an error.
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


def _let_go(found: Any) -> None:
    """Gives a visitor's connection the usual limit back, or nobody gets it again."""
    try:
        found.execute_sql("RESET statement_timeout")
    except PeeweeException:
        found.manual_close()
