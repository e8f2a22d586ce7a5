"""Which limit a call falls under, and how limits follow the pace. Pure."""

from dataclasses import dataclass

STANDARD, SENSITIVE, ANALYTICS, BURST = "standard", "sensitive", "analytics", "burst"
TIERS = (STANDARD, SENSITIVE, ANALYTICS, BURST)
"""The settings `LIMIT_<TIER>` say how much each allows. Every counted call is in one of the first three, and all of
one caller's calls together are in `BURST`."""
_COSTS = {
    "strained": {STANDARD: 2, SENSITIVE: 2, BURST: 1},
    "shedding": {STANDARD: 4, SENSITIVE: 4, BURST: 2},
}


@dataclass(frozen=True)
class Room:
    """What is left of a limit: of `limit` calls `remaining`, and more from `reset` on (Unix time in seconds)."""

    limit: int
    remaining: int
    reset: int


def cost(tier: str, level: str) -> int | None:
    """How many places of its limit one call takes at a level of pace; None if such calls are dropped altogether.

    Dearer calls make a limit tighter without forgetting what was counted before. Analytics go first (contract).
    """
    if level not in _COSTS:
        return 1
    return _COSTS[level].get(tier)


def fails_closed(tier: str) -> bool:
    """True if a call must wait while nobody can count: what creates, renames or deletes."""
    return tier == SENSITIVE
