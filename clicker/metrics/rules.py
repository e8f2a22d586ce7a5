"""Which figures there are, and how those of several processes become one. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Series = tuple[str, ...]
"""A metric's name, then the values of its labels in their order; for a histogram then a bucket's number or `sum`."""
Kind = Literal["counter", "gauge", "histogram"]
FRESH_S = 5.0
"""What a process told longer ago than this is of one that is gone, in seconds."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the buckets of every histogram, in seconds; one more bucket holds what is above."""
_SUM = "sum"


@dataclass(frozen=True)
class Metric:
    """`merged`: what a gauge of several processes comes to."""

    name: str
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()
    merged: Literal["sum", "max"] = "sum"


def _counter(name: str, text: str, *labels: str) -> Metric:
    return Metric(f"clicker_{name}_total", "counter", text, labels)


def _gauge(name: str, text: str, *labels: str, merged: Literal["sum", "max"] = "max") -> Metric:
    return Metric(f"clicker_{name}", "gauge", text, labels, merged)


def _histogram(name: str, text: str, *labels: str) -> Metric:
    return Metric(f"clicker_{name}_seconds", "histogram", text, labels)


TABLE = {
    metric.name: metric
    for metric in (
        _counter("tap_batches", "Batches that were counted for the first time."),
        _counter("taps_accepted", "Taps that were counted."),
        _counter("taps_deferred", "Taps that did not fit the rate and are sent again."),
        _counter("tap_replays", "Batches that had been answered before and counted nothing."),
        _counter("refusals", "Requests that were answered with an error, by its code.", "code"),
        _counter("http_requests", "Answers of the web processes.", "route", "status"),
        _histogram("http_request_duration", "Time from a request's head to its answer.", "route"),
        _counter("requests_shed", "Requests refused before any work: too many, or no hot store."),
        _counter("limits_refused", "Requests refused by a limit.", "tier"),
        _counter("limits_uncounted", "Requests that no limit could count, and what came of them.", "result"),
        _gauge(
            "requests_in_flight",
            "Most requests at once in the last second, refused ones on top.",
            merged="sum",
        ),
        _gauge("sockets_open", "Live sockets.", merged="sum"),
        _gauge("sessions_active", "Sessions that are active."),
        _gauge(
            "event_loop_delay_seconds", "How late the worst web process's event loop is, median of a second."
        ),
        _gauge("store_latency_seconds", "How long the hot store took to answer the slowest web process."),
        _counter("store_calls", "Script calls of the tap path."),
        _counter("store_round_trips", "Round trips to the hot store that those calls shared."),
        _counter("store_seconds", "Time spent in those round trips."),
        _gauge("circuit_open", "1 while a process does without this part, which does not answer.", "circuit"),
        _gauge("pace_level", "The level of load in force: 0 calm, 1 busy, 2 strained, 3 shedding."),
        _gauge("pace", "1 for the level in force.", "level"),
        _gauge("pace_held", "1 while an operator holds the level."),
        _gauge("pace_reason", "1 for each measure that calls for the level.", "reason"),
        _gauge("pace_sample", "What pace judges: the worst process's last sample.", "measure"),
        _gauge("sessions_dirty", "Sessions that wait for the flush."),
        _gauge(
            "flush_lag_seconds",
            "How far Postgres is behind: age of the last complete flush, 0 if none is due.",
        ),
        _histogram("flush_duration", "Time of a complete flush."),
        _counter(
            "history_minutes_summarised",
            "Minutes whose clicks were written as a later one's: the flush was late.",
        ),
        _gauge(
            "history_overdue_seconds", "For how long the oldest minute of the history should be an hour's."
        ),
        _counter("sessions_flushed", "Sessions written to Postgres."),
        _counter("flush_failures", "Flushes that broke off."),
        _histogram("job_duration", "Time of a job in the worker.", "job"),
        _counter("jobs", "Jobs that ran, by how they ended.", "job", "result"),
        _gauge("jobs_waiting", "Jobs that wait in RQ."),
        _gauge("jobs_failed", "Failed jobs that RQ keeps."),
        _counter("bot_updates", "Updates from Telegram that were handled.", "kind"),
        _gauge("outbox_waiting", "Messages that somebody waits for and that wait for Telegram."),
        _gauge("outbox_longest_wait_seconds", "How long the longest of them has waited."),
        _gauge("outbox_paused_seconds", "How much longer Telegram wants no calls."),
        _counter("outbox_messages", "What became of messages; refused: answered 429 by Telegram.", "event"),
        _counter("outbox_waited_seconds", "Time that messages waited for their turn."),
        _gauge("processes", "Processes that told their figures within seconds.", "part", merged="sum"),
        _gauge("resident_bytes", "Memory of all processes of a part.", "part", merged="sum"),
        _counter("cpu_seconds", "CPU time of all processes of a part.", "part"),
        _gauge(
            "figures_age_seconds", "Age of the figures of other processes; grows while the hot store is away."
        ),
    )
}
"""Every metric. A new figure is a row here and a number in its room; `sources.py` brings them together."""


def bucket(name: str, *labels: str, seconds: float) -> tuple[Series, Series]:
    """The two series of a histogram that an observation of so many seconds adds to: a bucket (1), the sum (seconds)."""
    return (name, *labels, str(bisect_left(SECONDS, seconds))), (name, *labels, _SUM)


def histogram(name: str, *labels: str, buckets: list[int], seconds: float) -> dict[Series, float]:
    """A histogram kept elsewhere: counts of the buckets of SECONDS and of the one above, and the sum."""
    counts = {(name, *labels, str(number)): float(count) for number, count in enumerate(buckets) if count}
    return {**counts, (name, *labels, _SUM): seconds} if counts else {}


def lasting(values: Mapping[Series, float]) -> dict[Series, float]:
    """What is kept for months: all but the histograms, which are a series for each bucket and route."""
    plain = {name for name, metric in TABLE.items() if metric.kind != "histogram"}
    return {series: value for series, value in values.items() if series[0] in plain}


def packed(series: Series) -> str:
    """A series as one string; label values hold no `|`."""
    return "|".join(series)


def unpacked(text: str) -> Series:
    return tuple(text.split("|"))


def added(*parts: Mapping[Series, float]) -> dict[Series, float]:
    """The sum of counters."""
    together: dict[Series, float] = {}
    for part in parts:
        for series, value in part.items():
            together[series] = together.get(series, 0.0) + value
    return together


def beyond(now: Mapping[Series, float], before: Mapping[Series, float]) -> dict[Series, float]:
    """How much each counter has grown; those that have not are left out."""
    grown = {series: value - before.get(series, 0.0) for series, value in now.items()}
    return {series: value for series, value in grown.items() if value > 0}


def merged(processes: Iterable[Mapping[Series, float]]) -> dict[Series, float]:
    """The gauges of several processes as one, each by its metric's rule. Those of no known metric are left out."""
    together: dict[Series, float] = {}
    for gauges in processes:
        for series, value in gauges.items():
            if series[0] not in TABLE:
                continue
            rule = max if TABLE[series[0]].merged == "max" else _sum
            together[series] = rule(together.get(series, 0.0), value)
    return together


def _sum(a: float, b: float) -> float:
    return a + b
