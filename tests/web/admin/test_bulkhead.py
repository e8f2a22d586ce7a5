"""A question of the operator's that takes long holds no tap, in the very process that is asked both."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import requests

from clicker.stores import ledger_lock
from clicker.stores.postgres import POOL_TIMEOUT_S
from clicker.web.admin.door import ACT_MS, LOOK_MS
from tests.conftest import Stores
from tests.processes import Web, running
from tests.telegram import ALICE, BOB
from tests.web.admin.conftest import PASSWORD
from tests.web.admin.shift import Phone, entered

ASKED_AT_ONCE = 12
SLEEP = "CREATE VIEW {0} AS SELECT NULL::bigint AS player_id, now()::timestamp AS since FROM pg_sleep(60)"
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
Ask = Callable[[requests.Session], requests.Response]


@pytest.fixture(scope="module")
def web(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("bulkhead")
    web = Web({**stores.environment(), "ADMIN_PASSWORD": PASSWORD, "WEB_WORKERS": "1"}, folder / "web.log")
    with running(web):
        yield web


@pytest.fixture
def postgres(stores: Stores, game) -> Iterator[psycopg2.extensions.connection]:
    connection = psycopg2.connect(stores.database_url)
    connection.autocommit = True
    yield connection
    connection.close()


@contextmanager
def asleep(postgres: psycopg2.extensions.connection, table: str) -> Iterator[None]:
    """Whoever reads this table sleeps in Postgres for a minute."""
    cursor = postgres.cursor()
    cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_kept")
    try:
        cursor.execute(SLEEP.format(table))
        yield
    finally:
        cursor.execute(f"DROP VIEW IF EXISTS {table}")
        cursor.execute(f"ALTER TABLE {table}_kept RENAME TO {table}")


def play_goes_on(web: Web, ask: Ask, limit_s: float, held: Callable[[], bool]) -> None:
    """Alice taps while twelve ask at once; `held` tells whether somebody's question is held up in Postgres.

    A newcomer, whose username needs Postgres, has a place there too.
    """
    phone, http = Phone(web.url), entered(web.url)
    took, slow, begun = [], False, time.monotonic()
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        asked = [pool.submit(ask, http) for _ in range(ASKED_AT_ONCE)]
        while not all(one.done() for one in asked):
            tapped = time.monotonic()
            assert phone.tap().ok
            took.append(time.monotonic() - tapped)
            if not slow and held():
                slow = True
                Phone(web.url, BOB, "bob")
    assert slow, "the questions were held up while Alice tapped"
    assert {one.result().status_code for one in asked} == {503}
    assert "Postgres does not answer" in asked[0].result().text
    assert time.monotonic() - begun < limit_s
    assert len(took) > 20
    assert sorted(took)[int(len(took) * 0.95)] < 0.25


def test_while_a_query_sleeps_in_postgres_taps_are_answered_by_the_same_process(web, postgres) -> None:
    def sleepers() -> bool:
        cursor = postgres.cursor()
        cursor.execute(ASLEEP)
        return bool(cursor.fetchone()[0])

    with asleep(postgres, "block"):
        limit_s = 4 * (POOL_TIMEOUT_S + LOOK_MS / 1000)
        play_goes_on(web, lambda http: http.get(f"{web.url}/admin/players"), limit_s, sleepers)
    assert entered(web.url).get(f"{web.url}/admin/players").ok, "and then it is as before"


def test_while_an_act_waits_for_a_lock_taps_are_answered_by_the_same_process(web, postgres, stores) -> None:
    def waiters() -> bool:
        cursor = postgres.cursor()
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])

    with psycopg2.connect(stores.database_url) as flushing:
        flushing.cursor().execute("SELECT pg_advisory_xact_lock(%s)", (ledger_lock.FLUSH,))
        limit_s = 3 * (POOL_TIMEOUT_S + ACT_MS / 1000)
        play_goes_on(web, lambda http: http.post(f"{web.url}/admin/players/{ALICE}/block"), limit_s, waiters)
        flushing.rollback()
    http = entered(web.url)
    assert http.post(f"{web.url}/admin/players/{ALICE}/block").ok
