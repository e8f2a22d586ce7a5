"""The last minutes of the whole service, and what of them an operator sees at a glance. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from clicker.pace.rules import LIMITS, ORDER

EVERY_S = 2.0
"""Time between two moments, in seconds."""
KEPT = 150
"""Moments that are kept: the last five minutes."""
REASONS = {
    "loop_ms": "a web process's event loop is late",
    "store_ms": "the hot store is slow",
    "in_flight": "many requests are answered at once",
    "sessions": "many players tap",
    "jobs": "jobs wait",
    "messages": "messages wait for Telegram",
}
"""What pace's measures mean to somebody who reads them."""
AWAY = -1.0
"""Instead of seconds: a store refuses, or does not answer at all."""
LEDGER_WATCH_S, LEDGER_BAD_S = 0.1, 1.0
"""From which time on Postgres takes to answer it is worth a look, and something is wrong."""
LAG_WATCH_S, LAG_BAD_S = 5, 30
"""From which flush lag on it is worth a look, and something is wrong, in seconds."""


@dataclass(frozen=True)
class Moment:
    """What the whole service felt at a time (Unix, seconds). `taps` and `refused` (429s of Telegram) are counted
    since ever, `lag_s`, `wait_s`, `store_s`, `ledger_s` and `loop_s` are seconds, and the stores' may be AWAY, `level`
    is the pace in force, as its place in ORDER, `memory` is the hot store's, in bytes."""

    at: float
    taps: float = 0
    refused: float = 0
    sessions: float = 0
    sockets: float = 0
    lag_s: float = 0
    dirty: float = 0
    jobs: float = 0
    failed: float = 0
    messages: float = 0
    wait_s: float = 0
    store_s: float = 0
    ledger_s: float = 0
    loop_s: float = 0
    in_flight: float = 0
    web: float = 0
    level: int = 0
    memory: float = 0
    aof: float = 0
    """Whether the hot store writes its append-only file: 1 yes, 0 not asked to, -1 it fails."""


@dataclass(frozen=True)
class Tile:
    """One figure: `trouble` is empty, `watch` or `bad`; `line` the points of its sparkline, `most` its top."""

    id: str
    label: str
    value: str
    unit: str
    note: str
    trouble: str
    line: str
    most: str


def tiles(moments: Sequence[Moment]) -> list[Tile]:
    """All tiles but the taps, from the moments, the oldest first; at least one moment."""
    now = moments[-1]
    refusals = [max(0.0, b.refused - a.refused) for a, b in pairwise(moments)]
    few = sum(refusals)

    def series(get: Callable[[Moment], float]) -> list[float]:
        return [get(moment) for moment in moments]

    return [
        _tile("sessions", "Active sessions", series(lambda m: m.sessions), note=f"{now.sockets:,.0f} live sockets"),
        _tile(
            "lag", "Flush lag", series(lambda m: m.lag_s), "s", f"{now.dirty:,.0f} sessions wait",
            _trouble(now.lag_s, LAG_WATCH_S, LAG_BAD_S),
        ),
        _tile(
            "jobs", "Jobs waiting", series(lambda m: m.jobs), note=f"{now.failed:,.0f} failed",
            trouble=_paced("jobs", now.jobs),
        ),
        _tile(
            "messages", "Telegram backlog", series(lambda m: m.messages), note=f"longest {_short(now.wait_s)} s",
            trouble=_paced("messages", now.messages),
        ),
        replace(
            _tile("refused", "Telegram 429s", refusals or [0.0], note="in five minutes", trouble="bad" if few else ""),
            value=_short(few),
        ),
        _tile(
            "store", "Hot store", series(lambda m: m.store_s * 1000), "ms",
            f"{_bytes(now.memory)} · {_AOF[int(now.aof)]}",
            "bad" if now.aof < 0 else _paced("store_ms", now.store_s * 1000),
        ) if now.store_s >= 0 else _away("store", "Hot store", series(lambda m: m.store_s), "taps wait on the devices"),
        _tile(
            "ledger", "Postgres", series(lambda m: m.ledger_s * 1000), "ms", "for a round trip",
            _trouble(now.ledger_s, LEDGER_WATCH_S, LEDGER_BAD_S),
        ) if now.ledger_s >= 0 else _away("ledger", "Postgres", series(lambda m: m.ledger_s), "play goes on"),
        _tile(
            "loop", "Event loop late", series(lambda m: m.loop_s * 1000), "ms",
            f"{now.web:,.0f} web · {now.in_flight:,.0f} in flight",
            "bad" if not now.web else _paced("loop_ms", now.loop_s * 1000),
        ),
    ]  # fmt: skip


def past(moments: Sequence[Moment], width: int = 300) -> list[tuple[float, float, str]]:
    """The pace of the last minutes as stretches (x, width, level), the newest at the right edge."""
    step = width / KEPT
    x, stretches = width - step * len(moments), []
    for level, stretch in groupby(ORDER[moment.level] for moment in moments):
        wide = step * len(list(stretch))
        stretches.append((round(x, 1), round(wide, 1), level))
        x += wide
    return stretches


def area(line: str, width: int = 100, height: int = 28) -> str:
    """The points of the polygon between a sparkline and the ground."""
    if not line:
        return ""
    first = line.partition(",")[0]
    return f"{first},{height} {line} {width},{height}"


def taps_per_second(moments: Sequence[Moment]) -> list[float]:
    """Taps a second between the moments, the oldest first; [0] for fewer than two."""
    return [max(0.0, b.taps - a.taps) / max(b.at - a.at, 0.1) for a, b in pairwise(moments)] or [0.0]


def sparkline(values: Sequence[float], width: int = 100, height: int = 28) -> str:
    """The points of an SVG polyline: the newest value at the right edge, 0 at the bottom.

    The line is as long as the time that is known, so that it grows from the right.
    """
    top = max(max(values, default=0), 1e-9)
    step = width / (KEPT - 1)
    start = width - step * (len(values) - 1)
    return " ".join(
        f"{start + number * step:.1f},{height - 1 - (height - 3) * max(value, 0) / top:.1f}"
        for number, value in enumerate(values)
    )


_AOF = {1: "AOF ok", 0: "no AOF", -1: "AOF fails"}


def _tile(
    id: str, label: str, values: Sequence[float], unit: str = "", note: str = "", trouble: str = ""
) -> Tile:
    return Tile(id, label, _short(values[-1]), unit, note, trouble, sparkline(values), _short(max(values)))


def _away(id: str, label: str, values: Sequence[float], note: str) -> Tile:
    tile = _tile(id, label, values, note=note, trouble="bad")
    return replace(tile, value="away")


def _paced(measure: str, value: float) -> str:
    limits = LIMITS[measure]
    return _trouble(value, limits.busy, limits.strained)


def _trouble(value: float, watch: float, bad: float) -> str:
    return "bad" if value >= bad else "watch" if value >= watch else ""


def _short(value: float) -> str:
    """A figure with as many digits as one reads: 0.4, 12, 1,234."""
    rounded = round(value, 1)
    return f"{value:,.0f}" if value >= 10 or rounded == int(rounded) else f"{rounded:.1f}"


def _bytes(value: float) -> str:
    for unit in ("KB", "MB", "GB"):
        value /= 1024
        if value < 1000 or unit == "GB":
            break
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
