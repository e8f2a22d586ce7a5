"""The one queue of jobs, and how much waits in it."""

from collections.abc import Callable
from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job

from clicker.telemetry import trail

QUEUE = "clicker"
RESULT_KEPT_S = 60
FAILURE_KEPT_S = 3600


def send(connection: Redis, job: Callable[..., Any], *args: Any, limit_s: int = 60) -> Job:
    """Has the worker run `job(*args)`, under the id (and in the trace) of the present request. Idempotent jobs only."""
    return Queue(QUEUE, connection=connection).enqueue(
        job,
        args=args,
        job_timeout=limit_s,
        result_ttl=RESULT_KEPT_S,
        failure_ttl=FAILURE_KEPT_S,
        meta=trail.carried(),
    )


def waiting(connection: Redis) -> int:
    """How many jobs wait."""
    return Queue(QUEUE, connection=connection).count


def failed(connection: Redis) -> int:
    """How many failed jobs are kept."""
    return Queue(QUEUE, connection=connection).failed_job_registry.count
