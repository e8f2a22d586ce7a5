"""The one queue of jobs, and how much waits in it."""

from redis import Redis
from rq import Queue

QUEUE = "clicker"


def waiting(connection: Redis) -> int:
    """How many jobs wait."""
    return Queue(QUEUE, connection=connection).count


def failed(connection: Redis) -> int:
    """How many failed jobs are kept."""
    return Queue(QUEUE, connection=connection).failed_job_registry.count
