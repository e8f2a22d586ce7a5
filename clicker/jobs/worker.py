"""The worker process: an RQ worker in the main thread, the schedule and a heartbeat beside it.

`SimpleWorker` runs jobs in this process: they are short, idempotent and ours, and a fork for each would cost more
than the job.
"""

import logging
import threading

from redis import RedisError
from rq import Queue, SimpleWorker

from clicker.jobs import schedule
from clicker.jobs.parts import services
from clicker.jobs.queue import QUEUE
from clicker.settings import Settings
from clicker.stores.keys import ALIVE_KEPT_S, Keys
from clicker.stores.redis import connect_rq

log = logging.getLogger(__name__)
BEAT_S = 10


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT; the job in hand is finished first."""
    located = services().settings
    stop = threading.Event()
    for work in (_beat, _tick):
        threading.Thread(target=work, args=(located, stop), name=work.__name__, daemon=True).start()
    worker = SimpleWorker([Queue(QUEUE, connection=connect_rq(located.rq_redis_url))], worker_ttl=60)
    worker.log_job_description = False
    try:
        worker.work(logging_level="WARNING")
    finally:
        stop.set()


def _tick(settings: Settings, stop: threading.Event) -> None:
    schedule.tick(connect_rq(settings.rq_redis_url), stop)


def _beat(settings: Settings, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            services().redis.set(Keys.alive("worker"), 1, ex=ALIVE_KEPT_S)
        except RedisError as error:
            log.warning("no heartbeat: %s", type(error).__name__)
        stop.wait(BEAT_S)
