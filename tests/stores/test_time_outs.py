"""Every client of a store, and of Telegram, gives up in time: the table in docs/security.md, checked."""

import threading

import pytest
from aiogram.client.session.aiohttp import AiohttpSession
from peewee import OperationalError
from playhouse.pool import MaxConnectionsExceeded

from clicker.bot import telegram
from clicker.bot.store import ANSWER_S, CONNECT_S, BotStore
from clicker.jobs import schedule, worker
from clicker.settings import Settings
from clicker.stores import postgres, redis
from clicker.stores.postgres import begin_visit, connection, end_visit

NOWHERE = "redis://127.0.0.1:1"


def test_the_hot_stores_client_gives_up_and_repeats_nothing():
    pool = redis.connect(NOWHERE).connection_pool
    assert pool.connection_kwargs["socket_connect_timeout"] == redis.CONNECT_TIMEOUT_S
    assert pool.connection_kwargs["socket_timeout"] == redis.ANSWER_TIMEOUT_S
    assert pool.timeout == redis.POOL_TIMEOUT_S
    assert pool.connection_kwargs["retry"].get_retries() == 0


def test_the_schedule_gives_up_on_a_queue_that_says_nothing(monkeypatch):
    given = []
    monkeypatch.setattr(schedule, "tick", lambda connection, stop: given.append(connection))
    worker._tick(Settings(rq_redis_url=NOWHERE), threading.Event())
    kwargs = given[0].connection_pool.connection_kwargs
    assert kwargs["socket_timeout"] == redis.ANSWER_TIMEOUT_S
    assert kwargs["socket_connect_timeout"] == redis.CONNECT_TIMEOUT_S


def test_the_bots_own_client_gives_up():
    kwargs = BotStore(NOWHERE, 1)._redis.connection_pool.connection_kwargs
    assert (kwargs["socket_timeout"], kwargs["socket_connect_timeout"]) == (ANSWER_S, CONNECT_S)


def test_postgres_gives_up_on_statements_and_on_peers_that_are_gone(services):
    with connection() as found:
        assert found.execute_sql("SHOW statement_timeout").fetchone()[0] == "15s"
        given = found.connection().get_dsn_parameters()
    assert given["connect_timeout"] == str(postgres.CONNECT_TIMEOUT_S)
    assert (given["keepalives_idle"], given["tcp_user_timeout"]) == ("10", "15000")


def _limit() -> str:
    with connection() as found:
        return str(found.execute_sql("SHOW statement_timeout").fetchone()[0])


def test_what_an_operators_page_asks_is_cut_off_sooner_whatever_it_is(services):
    visit = begin_visit(700)
    try:
        assert _limit() == "700ms"
        with pytest.raises(OperationalError, match="statement timeout"), connection() as found:
            found.execute_sql("SELECT pg_sleep(30)")
        with pytest.raises(OperationalError), connection() as found, found.atomic():
            found.execute_sql("SELECT pg_sleep(30)")
    finally:
        end_visit(visit)
    assert [_limit() for _ in range(3)] == ["15s"] * 3, "the pool hands out none with a visitor's limit"


def test_an_operators_pages_have_two_places_and_play_has_the_rest(services):
    asked, let = threading.Barrier(3), threading.Event()

    def stay() -> None:
        visit = begin_visit(700)
        with connection():
            asked.wait(20)
            let.wait(20)
        end_visit(visit)

    threads = [threading.Thread(target=stay) for _ in range(2)]
    for thread in threads:
        thread.start()
    asked.wait(20)
    visit = begin_visit(700)
    try:
        with pytest.raises(MaxConnectionsExceeded, match="operator"), connection():
            pass
    finally:
        end_visit(visit)
        limit = _limit()
        let.set()
        for thread in threads:
            thread.join()
    assert limit == "15s"


def test_calls_to_telegram_have_a_time_limit():
    session = telegram.connect(Settings(), None).session
    assert isinstance(session, AiohttpSession)
    assert session.timeout == pytest.approx(telegram.TIMEOUT_S)
