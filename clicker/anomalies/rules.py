"""What tells a robot from a person who taps. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

BATCHES = 40
"""Sampled batches in a window: of 320, five minutes of play at a batch a second. The tap script has the same number."""
SLOWEST = 5.0
"""Taps per second below which evenness says nothing, and would gain a robot nothing."""


class Sign(StrEnum):
    """What makes a window suspicious."""

    RAPID = "rapid"
    """Batches follow each other within 100 ms: the Mini App never sends so."""
    EVEN = "even"
    """The speed hardly changes from batch to batch: people hesitate, speed up and tire."""
    CAP = "cap"
    """As many taps as are counted at all."""
    TIRELESS = "tireless"
    """For hours without a pause of a minute."""


class State(StrEnum):
    """WATCHED: some windows were suspicious. FLAGGED: counted at a lower rate. TRUSTED: an operator has said so."""

    WATCHED = "watched"
    FLAGGED = "flagged"
    TRUSTED = "trusted"


@dataclass(frozen=True)
class Window:
    """Sums over some batches of a player, sampled from a stretch of play. Times in Unix milliseconds.

    `rapid` counts batches that came within 100 ms of the one before, `dry` those of which taps were deferred; `taps`
    and `ms` sum their taps and the times since the batch before, `energy` the squares of the taps by those times.
    `since` is when the stretch began: after a pause of a minute a new one does.
    """

    batches: int
    rapid: int
    dry: int
    taps: int
    ms: int
    energy: float
    since: int
    at: int

    @property
    def speed(self) -> float:
        """Taps per second."""
        return 1000 * self.taps / self.ms if self.ms else 0.0

    @property
    def variation(self) -> float:
        """How much the speed varies from batch to batch: its standard deviation by its mean, weighted by time."""
        return sqrt(max(0.0, self.energy * self.ms / self.taps**2 - 1)) if self.taps else 0.0


@dataclass(frozen=True)
class Limits:
    """From where on a window is suspicious, and how many such windows flag a player."""

    tap_rate: float
    rapid: float
    """Share of rapid batches."""
    even: float
    """Variation below this."""
    cap: float
    """Share of `tap_rate`, or of batches that did not fit."""
    tireless_s: float
    windows: int


def signs(window: Window, limits: Limits) -> tuple[Sign, ...]:
    """What is suspicious about a window; empty for a person's."""
    if not window.batches:
        return ()
    found = {
        Sign.RAPID: window.rapid >= limits.rapid * window.batches,
        Sign.EVEN: window.speed >= SLOWEST and window.variation < limits.even,
        Sign.CAP: _at_the_cap(window, limits),
        Sign.TIRELESS: window.at - window.since >= limits.tireless_s * 1000,
    }
    return tuple(sign for sign, there in found.items() if there)


def _at_the_cap(window: Window, limits: Limits) -> bool:
    """Taps that waited on a device for its line are many at once, and soon deferred: speed says nothing of them."""
    if window.dry:
        return window.dry >= limits.cap * window.batches
    return window.speed >= limits.cap * limits.tap_rate


def score(before: int, suspicious: bool) -> int:
    """How many more suspicious windows than others there were of late: one up, one down, never below 0."""
    return before + 1 if suspicious else max(0, before - 1)


def decided(state: State, score: int, limits: Limits) -> State:
    """A watched player is flagged when the score is reached; what an operator decided stays."""
    return State.FLAGGED if state == State.WATCHED and score >= limits.windows else state
