"""Where the rooms' figures are, brought together. Reads numbers that the rooms keep anyway."""

import os
import resource
from collections.abc import Mapping

from clicker.metrics.rules import Series
from clicker.outbox.service import OutboxService
from clicker.pace.rules import LIMITS, ORDER
from clicker.pace.service import PaceService
from clicker.sessions.service import SessionsService
from clicker.stores.shared import traffic
from clicker.taps.service import TapsService

_PAGE = resource.getpagesize()
_WAITED = "waited_ms"


class Rooms:
    """The figures of the rooms: `counted` and `level` of this process, `whole` of the service."""

    def __init__(
        self, pace: PaceService, outbox: OutboxService, sessions: SessionsService, taps: TapsService
    ) -> None:
        self.pace, self.outbox, self.sessions, self.taps = pace, outbox, sessions, taps

    def counted(self) -> Mapping[Series, float]:
        taps = self.taps.counted
        return {
            ("clicker_tap_batches_total",): taps.batches,
            ("clicker_taps_accepted_total",): taps.accepted,
            ("clicker_taps_deferred_total",): taps.deferred,
            ("clicker_tap_replays_total",): taps.replays,
            ("clicker_history_minutes_summarised_total",): taps.minutes_summarised,
            ("clicker_store_calls_total",): traffic.calls,
            ("clicker_store_round_trips_total",): traffic.round_trips,
            ("clicker_store_seconds_total",): traffic.seconds,
        }

    def whole(self) -> Mapping[Series, float]:
        """Asks the hot store. Raises what it raises."""
        lag = self.taps.lag()
        sent = self.outbox.counters()
        return {
            ("clicker_sessions_active",): self.sessions.active(),
            ("clicker_sessions_dirty",): lag.sessions,
            ("clicker_flush_lag_seconds",): lag.seconds,
            ("clicker_outbox_waiting",): self.outbox.waiting(),
            ("clicker_outbox_longest_wait_seconds",): self.outbox.longest_wait_s(),
            ("clicker_outbox_paused_seconds",): self.outbox.paused_s(),
            ("clicker_outbox_waited_seconds_total",): sent.pop(_WAITED, 0) / 1000,
            **{("clicker_outbox_messages_total", event): float(n) for event, n in sent.items()},
        }

    def history(self) -> Mapping[Series, float]:
        """How the worker's history is."""
        overdue_s = self.taps.history_overdue_s()
        return {} if overdue_s is None else {("clicker_history_overdue_seconds",): overdue_s}

    def level(self) -> Mapping[Series, float]:
        """The pace in force, as this process knows it."""
        published = self.pace.published
        level, reasons = self.pace.current().level, published.state.reasons if published else ()
        return {
            ("clicker_pace_level",): ORDER.index(level),
            ("clicker_pace_held",): float(bool(published and published.held)),
            **{("clicker_pace", name): float(name == level) for name in ORDER},
            **{("clicker_pace_reason", name): float(name in reasons) for name in LIMITS},
        }


def process_counted(part: str) -> Mapping[Series, float]:
    """CPU time of this process so far, in seconds."""
    times = os.times()
    return {("clicker_cpu_seconds_total", part): times.user + times.system}


def process_felt(part: str) -> Mapping[Series, float]:
    """That it is there, and its memory in bytes; 0 where there is no /proc."""
    try:
        with open("/proc/self/statm") as told:
            pages = int(told.read().split()[1])
    except OSError:
        pages = 0
    return {("clicker_processes", part): 1.0, ("clicker_resident_bytes", part): float(pages * _PAGE)}
