"""The levels of load, what each means, and how a level follows from samples. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

QUIET_S = 10.0
"""How long it must have been quieter before the level is lowered, in seconds (contract)."""
TAPPING = 1.5
"""Who taps sends a batch every flush interval; who has not for 1.5 of them has stopped."""
STALE_S = 3.0
"""A sample older than this belongs to a process that is gone, in seconds."""


@dataclass(frozen=True)
class Pace:
    """One level and its intervals, in milliseconds; `live_message_s` in seconds (0: only on request).

    `admitted` is how many requests a web process answers at once; what comes on top is refused before any work.
    """

    level: str
    flush_ms: int
    refresh_ms: int
    heartbeat_ms: int
    live_message_s: int
    admitted: int = 256

    def as_json(self) -> dict[str, object]:
        """The form that clients read: `{level, flushMs, refreshMs, heartbeatMs}`."""
        return {
            "level": self.level,
            "flushMs": self.flush_ms,
            "refreshMs": self.refresh_ms,
            "heartbeatMs": self.heartbeat_ms,
        }


LEVELS = {
    pace.level: pace
    for pace in (
        Pace("calm", 1000, 1000, 20_000, 3),
        Pace("busy", 2000, 3000, 20_000, 10),
        Pace("strained", 5000, 10_000, 20_000, 60),
        Pace("shedding", 10_000, 30_000, 20_000, 0, admitted=128),
    )
}
ORDER = tuple(LEVELS)
CALM = LEVELS["calm"]


@dataclass(frozen=True)
class Sample:
    """What one web process saw in the last second, and what it knows of the whole. Times in milliseconds."""

    at: float
    """Unix time in seconds."""
    loop_ms: float = 0.0
    """How late the event loop was, median of the second."""
    store_ms: float = 0.0
    """How long the hot store took to answer."""
    in_flight: int = 0
    """Requests that were being answered at once, and on top of them those that were refused."""
    sessions: int = 0
    """Sessions of the whole service that gave a sign of life within TAPPING flush intervals: those who tap now."""
    jobs: int = 0
    """Jobs that wait in RQ."""
    messages: int = 0
    """Messages that wait for Telegram."""


@dataclass(frozen=True)
class Limits:
    """From which value on a measure means busy, strained, shedding; None: it never does."""

    busy: float
    strained: float
    shedding: float | None

    def level(self, value: float) -> str:
        if self.shedding is not None and value >= self.shedding:
            return "shedding"
        return "strained" if value >= self.strained else "busy" if value >= self.busy else "calm"


LIMITS = {
    "loop_ms": Limits(40, 150, 600),
    "store_ms": Limits(40, 150, 600),
    "in_flight": Limits(100, 180, 240),
    "sessions": Limits(1100, 2800, None),
    "jobs": Limits(20, 100, None),
    "messages": Limits(200, 2000, None),
}
"""`sessions` is per web process: one serves about 3,000 batches a second on a small machine (docs/performance.md), and
an active session sends one every `flush_ms`. `in_flight` is per process too, below the limit of admission."""


@dataclass(frozen=True)
class State:
    """The level in force, why, and since when it could be lower (Unix time in seconds; None: it could not)."""

    level: str = "calm"
    reasons: tuple[str, ...] = ()
    quiet_since: float | None = None


def together(samples: Iterable[Sample], now: float) -> Sample:
    """The whole service as one sample: the worst of each measure, sessions per web process."""
    fresh = [sample for sample in samples if 0 <= now - sample.at < STALE_S] or [Sample(now)]
    worst = {f.name: max(getattr(sample, f.name) for sample in fresh) for f in fields(Sample)}
    return replace(Sample(**worst), at=now, sessions=-(-int(worst["sessions"]) // len(fresh)))


def judge(sample: Sample) -> tuple[str, tuple[str, ...]]:
    """The level that a sample calls for, and the measures that call for it."""
    values = asdict(sample)
    called = {name: limits.level(values[name]) for name, limits in LIMITS.items()}
    level = max(called.values(), key=ORDER.index)
    return level, tuple(name for name in called if called[name] == level != "calm")


def step(state: State, sample: Sample) -> State:
    """The next state: raised at once; lowered when it was quieter for QUIET_S, to calm if nothing speaks against that,
    else by one level, for what a lower level will bring is not seen before it is there."""
    level, reasons = judge(sample)
    now, called = ORDER.index(state.level), ORDER.index(level)
    if called >= now:
        return State(level, reasons)
    since = sample.at if state.quiet_since is None else min(state.quiet_since, sample.at)
    if sample.at - since >= QUIET_S:
        return State(level if level == CALM.level else ORDER[now - 1], reasons)
    return State(state.level, state.reasons, since)
