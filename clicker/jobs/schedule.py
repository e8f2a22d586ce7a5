"""What runs when: the one table of jobs, and the clock that enqueues them."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis, RedisError
from redis.exceptions import LockError
from rq.cron import CronScheduler
from rq.exceptions import SchedulerNotFound

from clicker.anomalies.jobs import judge_windows
from clicker.audit.jobs import move_audit, retain_audit
from clicker.jobs.queue import QUEUE
from clicker.leaderboard.jobs import keep_board
from clicker.metrics.jobs import keep_figures
from clicker.players.jobs import finish_forgetting
from clicker.sessions.jobs import reap, retain_sessions
from clicker.taps.jobs import flush, sum_up_history

log = logging.getLogger(__name__)

_LEADER = "cron:leader"
_LEADER_S = 5
_RETRY_S = 1.0
_RESULT_KEPT_S = 60
_FAILURE_KEPT_S = 3600


@dataclass(frozen=True)
class Row:
    """A job that runs every `interval` seconds, for `limit` seconds at most.

    One that waited longer than `fresh` seconds is dropped: the next one does its work.
    """

    job: Callable[[], Any]
    interval: int
    limit: int
    fresh: int


TABLE = (
    Row(flush, interval=1, limit=60, fresh=5),
    Row(reap, interval=5, limit=30, fresh=10),
    Row(finish_forgetting, interval=10, limit=30, fresh=10),
    Row(sum_up_history, interval=60, limit=60, fresh=60),
    Row(move_audit, interval=2, limit=60, fresh=10),
    Row(judge_windows, interval=15, limit=30, fresh=15),
    Row(keep_board, interval=60, limit=30, fresh=60),
    Row(keep_figures, interval=60, limit=30, fresh=60),
    Row(retain_audit, interval=60, limit=60, fresh=60),
    Row(retain_sessions, interval=60, limit=60, fresh=60),
)


def scheduler(connection: Redis) -> CronScheduler:
    """RQ's cron with the whole table registered."""
    cron = CronScheduler(connection, logging_level="WARNING")
    for row in TABLE:
        cron.register(
            row.job,
            QUEUE,
            interval=row.interval,
            job_timeout=row.limit,
            ttl=row.fresh,
            result_ttl=_RESULT_KEPT_S,
            failure_ttl=_FAILURE_KEPT_S,
        )
    return cron


def tick(connection: Redis, stop: threading.Event) -> None:
    """Enqueues what is due until `stop`; of all workers only the one that leads does so."""
    while not stop.is_set():
        lock = connection.lock(_LEADER, timeout=_LEADER_S, blocking=False)
        try:
            if lock.acquire():
                _lead(connection, lock, stop)
        except (RedisError, LockError, SchedulerNotFound) as error:
            log.warning("the schedule waits: %s", type(error).__name__)
        except Exception:  # the schedule must outlive whatever it meets: without it nothing is flushed
            log.exception("the schedule stumbled")
        stop.wait(_RETRY_S)


def _lead(connection: Redis, lock: Any, stop: threading.Event) -> None:
    cron = scheduler(connection)
    cron.register_birth()
    try:
        while not stop.is_set():
            lock.reacquire()
            if cron.enqueue_jobs():
                cron.save()
            cron.heartbeat()
            stop.wait(cron.calculate_sleep_interval())
    finally:
        cron.register_death()
        lock.release()
