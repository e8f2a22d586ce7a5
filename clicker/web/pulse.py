"""What a web process does by itself: feels its load, keeps the board fresh, feeds the sockets, mends an empty store."""

import logging
import os
import socket
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import partial

from flask import Flask

from clicker.jobs.queue import failed, waiting
from clicker.metrics.rules import Series
from clicker.pace.rules import TAPPING, Sample
from clicker.stores import postgres, redis
from clicker.web import failures, health
from clicker.web.edge import Edge
from clicker.web.live import Hub
from clicker.wiring import Services

log = logging.getLogger(__name__)
_WATCH_S = 0.2
_FEEL_S = 0.1
_FEELS = 10
_TELL_S = 1.0
"""The load is sampled once in `_FEELS` × `_FEEL_S` seconds."""


class Pulse:
    """Loops in threads of their own, until the process ends."""

    def __init__(self, app: Flask, services: Services, hub: Hub, edge: Edge) -> None:
        self.app, self.services, self.hub, self.edge = app, services, hub, edge
        self.rq = redis.connect(services.settings.rq_redis_url or "redis://127.0.0.1:1")
        self._trouble = ""
        self._sample = Sample(at=0.0)
        metrics = services.metrics
        metrics.counts += [edge.tallies.counted, self._counted]
        metrics.feels += [self._felt, metrics.rooms.level]
        metrics.knows.append(self._jobs)

    def start(self, alive: Callable[[], bool]) -> None:
        """Begins. When `alive()` is no longer true the process is about to end, and sockets are let go."""
        self.services.metrics.begin("web")
        self.services.admin.keep_errors("web")
        if self.services.settings.admin_password:
            self.services.admin.probe.begin()
        for work in (self._feel_on, self._beat_on, self._tell_on, lambda: self._watch(alive)):
            threading.Thread(target=work, daemon=True).start()

    def feel(self, loop_ms: float) -> None:
        """Leaves a sample and follows the level that comes of it. Raises what the hot store raises."""
        begun = time.monotonic()
        flush_s = self.services.pace.current().flush_ms / 1000
        sessions = self.services.sessions.tapping(within_s=TAPPING * flush_s)
        self._sample = sample = Sample(
            at=self.services.clock(),
            loop_ms=loop_ms,
            store_ms=(time.monotonic() - begun) * 1000,
            in_flight=self.edge.take_peak(),
            sessions=sessions,
            jobs=self._waiting_jobs(),
            messages=self.services.outbox.waiting(),
        )
        before = self.services.pace.current().level
        published = self.services.pace.sample(f"web:{socket.gethostname()}:{os.getpid()}", sample)
        if published.level != before:
            log.warning("pace is %s", published.level, extra={"reasons": published.state.reasons})

    def beat(self) -> None:
        """Renews the board and tells the sockets. Raises what the stores raise."""
        if not self.services.taps.ready():
            log.warning("the hot store is empty: rebuilding it from Postgres")
            players = self.services.taps.rebuild()
            log.info("the hot store is rebuilt with %d players", players)
        board = self.services.leaderboard.refresh()
        with self.app.app_context():
            self.hub.publish(board)

    def _counted(self) -> Mapping[Series, float]:
        found: dict[Series, float] = {("clicker_requests_shed_total",): self.edge.refused}
        limits = self.services.limits
        found[("clicker_limits_uncounted_total", "let_through")] = limits.opened
        found[("clicker_limits_uncounted_total", "refused")] = limits.closed
        found |= {("clicker_limits_refused_total", tier): n for tier, n in limits.refused_by.items()}
        return found | {("clicker_refusals_total", code): n for code, n in failures.refused.items()}

    def _felt(self) -> Mapping[Series, float]:
        sample = asdict(self._sample)
        del sample["at"]
        return {
            ("clicker_requests_in_flight",): sample["in_flight"],
            ("clicker_sockets_open",): len(self.hub.mailboxes),
            ("clicker_event_loop_delay_seconds",): sample["loop_ms"] / 1000,
            ("clicker_store_latency_seconds",): sample["store_ms"] / 1000,
            ("clicker_circuit_open", "hot_store"): float(self.edge.store_away),
            ("clicker_circuit_open", "limits"): float(self.services.limits.away),
            **{("clicker_pace_sample", measure): value for measure, value in sample.items()},
        }

    def _jobs(self) -> Mapping[Series, float]:
        """Nothing while RQ's own store is away."""
        try:
            return {
                ("clicker_jobs_waiting",): waiting(self.rq),
                ("clicker_jobs_failed",): failed(self.rq),
            }
        except redis.Error:
            return {}

    def _waiting_jobs(self) -> int:
        """Jobs that wait; 0 while RQ's own store is away: play does not need it."""
        try:
            return waiting(self.rq)
        except redis.Error:
            return 0

    def _feel_on(self) -> None:
        while True:
            late = statistics.median(_lateness() for _ in range(_FEELS)) * 1000
            self.edge.store_away = not self._tried(partial(self.feel, late))

    def _beat_on(self) -> None:
        while True:
            begun = time.monotonic()
            self._tried(self.beat)
            while time.monotonic() - begun < self.services.pace.current().refresh_ms / 1000:
                time.sleep(_WATCH_S)

    def _tell_on(self) -> None:
        while True:
            time.sleep(_TELL_S)
            self._tell()

    def _tell(self) -> None:
        with suppress(redis.Error):  # `feel` says so
            self.services.metrics.publish()
            if self.services.settings.admin_password:
                self.services.admin.note()

    def _tried(self, work: Callable[[], None]) -> bool:
        """Returns False if the hot store did not answer."""
        try:
            work()
        except redis.Error as error:
            self._note(f"the hot store is away: {type(error).__name__}")
            return False
        except postgres.Errors as error:
            self._note(f"Postgres is away: {type(error).__name__}")
        except Exception:
            log.exception("the pulse stumbled")
        else:
            self._note("")
        return True

    def _watch(self, alive: Callable[[], bool]) -> None:
        while alive():
            time.sleep(_WATCH_S)
        self.leave()

    def leave(self) -> None:
        """This process is about to end: it is not ready any more, lets go of its sockets, and tells its figures."""
        health.progress.leaving = True
        self.hub.close()
        threading.Thread(target=self._tell, daemon=True).start()  # a store that hangs must not hold it up

    def _note(self, trouble: str) -> None:
        """Logs a change for the worse or the better once, not every second."""
        if trouble != self._trouble:
            log.warning(trouble or "the stores are back")
        self._trouble = trouble


def _lateness() -> float:
    """How much later than asked this thread gets its turn, in seconds."""
    begun = time.monotonic()
    time.sleep(_FEEL_S)
    return time.monotonic() - begun - _FEEL_S
