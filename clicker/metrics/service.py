"""The figures of this process, told once a second, and those of all processes, known without I/O."""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from clicker.clock import Clock, to_ms, utc
from clicker.metrics.ledger import LedgerFigures
from clicker.metrics.rules import FRESH_S, TABLE, Series, added, beyond, bucket, lasting, merged
from clicker.metrics.sources import Rooms, process_counted, process_felt
from clicker.metrics.store import MetricsStore, Told
from clicker.stores.minutes import minute

Source = Callable[[], Mapping[Series, float]]
_SWEPT_S = 60.0


@dataclass(frozen=True)
class Figures:
    """Every series' value. `at`: when the other processes' were read, Unix time in seconds; 0: never."""

    values: Mapping[Series, float]
    at: float

    def total(self, name: str, *labels: str) -> float:
        """The sum over all series of a metric that begin with these labels; 0 if there is none."""
        start = (name, *labels)
        return sum(value for series, value in self.values.items() if series[: len(start)] == start)


@dataclass
class _Published:
    """A publication on its way: it is repeated under the same number until the store took it."""

    number: int = 0
    counters: dict[Series, float] = field(default_factory=dict)


class MetricsService:
    """Counters are plain numbers that only grow, in `add` or in a source; the tap path's are in sources.

    Sources: `counts` and `feels` are read of this process, `knows` of the whole service (the same whoever asks).
    """

    def __init__(self, store: MetricsStore, ledger: LedgerFigures, clock: Clock, rooms: Rooms) -> None:
        self.store, self.ledger, self.clock, self.rooms = store, ledger, clock, rooms
        self.counts: list[Source] = [rooms.counted]
        self.feels: list[Source] = []
        self.knows: list[Source] = [rooms.whole]
        self._own: dict[Series, float] = {}
        self._taken = _Published()
        self._sent: _Published | None = None
        self._everyone: dict[Series, float] = {}
        self._gauges: dict[Series, float] = {}
        self._known: dict[Series, float] = {}
        self._at = 0.0
        self._process = ""

    def begin(self, part: str) -> None:
        """This process is a `part` of the service: web, worker or bot. Its name is its own for ever."""
        self._process = f"{part}:{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self.counts.append(partial(process_counted, part))
        self.feels.append(partial(process_felt, part))

    def add(self, name: str, *labels: str, by: float = 1.0) -> None:
        """Counts: what happens at most a few times a second. `name` is a row of `rules.TABLE`."""
        series = (TABLE[name].name, *labels)
        self._own[series] = self._own.get(series, 0.0) + by

    def time(self, name: str, *labels: str, seconds: float) -> None:
        """Notes how long something took, in a histogram."""
        found, total = bucket(name, *labels, seconds=seconds)
        self.add(*found)
        self.add(*total, by=seconds)

    def publish(self) -> None:
        """Tells what has grown since the last time and reads everyone's; after `begin`. Raises redis errors.

        A publication that may have arrived is repeated unchanged, so that nothing is added twice.
        """
        now = self.clock()
        self._sent = self._sent or _Published(self._taken.number + 1, self._counted())
        sent = self._sent
        grown = beyond(sent.counters, self._taken.counters)
        try:
            everyone, told = self.store.publish(self._process, sent.number, grown, Told(now, self._felt()))
        except Exception:
            self._known = {}
            raise
        self._taken, self._sent, self._everyone = sent, None, everyone
        self._gauges = merged(t.gauges for t in told.values() if abs(now - t.at) < FRESH_S)
        self.store.forget([name for name, t in told.items() if now - t.at > _SWEPT_S])
        self._known = _read(self.knows)
        self._at = now

    def figures(self) -> Figures:
        """What is known now, without I/O: all counters as last read plus what this process has counted since.

        While the hot store is away the gauges are this process's own.
        """
        counters = added(self._everyone, beyond(self._counted(), self._taken.counters))
        age = self.clock() - self._at
        gauges = self._gauges if 0 <= age < FRESH_S else self._felt()
        ages: dict[Series, float] = {("clicker_figures_age_seconds",): age if self._at else 0.0}
        return Figures({**counters, **gauges, **self._known, **ages}, self._at)

    def keep(self) -> bool:
        """Keeps the figures of this minute in Postgres, and thins out old ones; in a process that publishes.

        False if this minute has some, or if nothing is known of the others just now.
        """
        figures, now = self.figures(), self.clock()
        kept = 0 <= now - figures.at < FRESH_S and self.ledger.keep(
            minute(utc(to_ms(now))), lasting(figures.values)
        )
        self.ledger.thin_out(utc(to_ms(now)))
        return kept

    def past(self, name: str, since: datetime) -> list[tuple[datetime, dict[Series, float]]]:
        """All series of a metric from then on, oldest first: one a minute, one an hour before the last week."""
        return self.ledger.past(TABLE[name].name, since)

    def _counted(self) -> dict[Series, float]:
        return {**self._own, **_read(self.counts)}

    def _felt(self) -> dict[Series, float]:
        return _read(self.feels)


def _read(sources: list[Source]) -> dict[Series, float]:
    return {series: value for source in sources for series, value in source().items()}
