"""The schedule: what runs when, and only once however many workers there are."""

import threading
from dataclasses import replace

import pytest
from rq import Queue, SimpleWorker

from clicker.jobs import parts, schedule
from clicker.jobs.queue import QUEUE
from clicker.stores.redis import connect_rq
from tests.waiting import eventually


@pytest.fixture
def rq(services, settings, monkeypatch):
    monkeypatch.setattr(parts, "services", lambda: services)
    for module in (
        "clicker.taps.jobs",
        "clicker.sessions.jobs",
        "clicker.players.jobs",
        "clicker.audit.jobs",
        "clicker.anomalies.jobs",
        "clicker.leaderboard.jobs",
        "clicker.metrics.jobs",
    ):
        monkeypatch.setattr(f"{module}.services", lambda: services)
    return connect_rq(settings.rq_redis_url)


def test_the_table_says_what_runs_how_often():
    intervals = {row.job.__name__: row.interval for row in schedule.TABLE}
    assert intervals == {
        "flush": 1,
        "move_audit": 2,
        "reap": 5,
        "finish_forgetting": 10,
        "judge_windows": 15,
        "sum_up_history": 60,
        "retain_audit": 60,
        "retain_sessions": 60,
        "keep_board": 60,
        "keep_figures": 60,
    }


def test_a_worker_runs_what_the_schedule_enqueues(rq, alice, services):
    alice.tap(5)
    assert len(schedule.scheduler(rq).enqueue_jobs()) == len(schedule.TABLE)
    SimpleWorker([Queue(QUEUE, connection=rq)]).work(burst=True, logging_level="ERROR")
    assert services.taps.verify().agree
    assert services.taps.hot.dirty() == 0


def test_of_two_workers_one_leads_and_the_other_takes_over(rq, monkeypatch):
    monkeypatch.setattr(schedule, "TABLE", tuple(replace(row, interval=3600) for row in schedule.TABLE))
    monkeypatch.setattr(schedule, "_RETRY_S", 0.05)
    stops = [threading.Event(), threading.Event()]
    threads = [threading.Thread(target=schedule.tick, args=(rq, stop)) for stop in stops]
    queue = Queue(QUEUE, connection=rq)
    threads[0].start()
    eventually(lambda: queue.count == len(schedule.TABLE), what="the first enqueues")
    threads[1].start()
    stops[0].set()
    threads[0].join(10)
    eventually(lambda: queue.count == 2 * len(schedule.TABLE), what="the second takes over")
    stops[1].set()
    threads[1].join(10)
    assert not any(thread.is_alive() for thread in threads)
