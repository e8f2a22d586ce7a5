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
from clicker.stores.redis import ANSWER_TIMEOUT_S, connect_rq
from clicker.telemetry import trail
from clicker.telemetry.start import begin

log = logging.getLogger(__name__)
BEAT_S = 10
TELL_S = 1.0


class Worker(SimpleWorker):
    """Notes how every job went, under the id of the request that sent it."""

    def perform_job(self, job: Job, queue: Queue) -> bool:
        name = (job.func_name or "").rpartition(".")[2]
        with trail.following(f"job {name}", job.meta, f"job-{job.id}"):
            begun, done = monotonic(), False
            try:
                done = super().perform_job(job, queue)
            finally:
                self._note(name, done, monotonic() - begun, by_schedule=not job.meta)
        return done

    def _note(self, name: str, done: bool, seconds: float, by_schedule: bool) -> None:
        metrics, result = services().metrics, "done" if done else "failed"
        metrics.time("clicker_job_duration_seconds", name, seconds=seconds)
        metrics.add("clicker_jobs_total", name, result)
        log.log(logging.DEBUG if by_schedule else logging.INFO, "job %s: %s in %.3f s", name, result, seconds)


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT; the job in hand is finished first."""
    located = services().settings
    stop = threading.Event()
    services().metrics.begin("worker")
    services().metrics.feels.append(services().metrics.rooms.history)
    services().admin.keep_errors("worker")
    begin(services(), "worker")
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
    schedule.tick(connect_rq(settings.rq_redis_url, ANSWER_TIMEOUT_S), stop)


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
