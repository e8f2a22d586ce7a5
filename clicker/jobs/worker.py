"""The worker process: an RQ worker in the main thread, the schedule and a heartbeat beside it.

`SimpleWorker` runs jobs in this process: they are short, idempotent and ours, and a fork for each would cost more
than the job.
"""

import logging
import threading
from time import monotonic

from redis import RedisError
from rq import Queue, SimpleWorker
from rq.job import Job

from clicker.jobs import schedule
from clicker.jobs.parts import services
from clicker.jobs.queue import QUEUE
from clicker.settings import Settings
from clicker.stores.keys import ALIVE_KEPT_S, Keys
from clicker.stores.redis import connect_rq

log = logging.getLogger(__name__)
BEAT_S = 10
TELL_S = 1.0


class Worker(SimpleWorker):
    """Notes how every job went."""

    def perform_job(self, job: Job, queue: Queue) -> bool:
        begun, name = monotonic(), (job.func_name or "").rpartition(".")[2]
        done = False
        try:
            done = super().perform_job(job, queue)
        finally:
            metrics = services().metrics
            metrics.time("clicker_job_duration_seconds", name, seconds=monotonic() - begun)
            metrics.add("clicker_jobs_total", name, "done" if done else "failed")
        return done


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT; the job in hand is finished first."""
    located = services().settings
    stop = threading.Event()
    services().metrics.begin("worker")
    services().admin.keep_errors("worker")
    for work in (_beat, _tell, _tick):
        threading.Thread(target=work, args=(located, stop), name=work.__name__, daemon=True).start()
    worker = Worker([Queue(QUEUE, connection=connect_rq(located.rq_redis_url))], worker_ttl=60)
    worker.log_job_description = False
    try:
        worker.work(logging_level="WARNING")
    finally:
        stop.set()
        _tell(located, stop)


def _tick(settings: Settings, stop: threading.Event) -> None:
    schedule.tick(connect_rq(settings.rq_redis_url), stop)


def _tell(_settings: Settings, stop: threading.Event) -> None:
    """Tells the figures of this process once a second, and a last time when it stops."""
    while True:
        try:
            services().metrics.publish()
        except RedisError as error:
            log.debug("no figures: %s", type(error).__name__)
        if stop.wait(TELL_S):
            return


def _beat(settings: Settings, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            services().redis.set(Keys.alive("worker"), 1, ex=ALIVE_KEPT_S)
        except RedisError as error:
            log.warning("no heartbeat: %s", type(error).__name__)
        stop.wait(BEAT_S)
