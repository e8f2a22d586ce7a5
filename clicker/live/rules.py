"""How often a live message is renewed, when it stands still, and what is worth a celebration. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LIVELY_S = 900.0
"""A live message stands still when its player did nothing for so long, in the chat or in the game."""
BETWEEN_S = 3.0
"""At least this long between two edits of one message: 20 a minute (see outbox/rules.py)."""
LEAD_S = 0.15
"""So much before its time an edit is begun: it has to look, to wait for its turn and to get to Telegram."""
AGAIN_S = 0.5
"""How soon a message that had no news is looked at again; looking costs Telegram nothing."""
LEASE_S = 20.0
"""How long a process has for an edit that it claimed; then another one may claim it."""
ASKED_KEPT_S = 10.0
"""A Refresh that found no room for so long is left to the message's next turn."""


class Phase(StrEnum):
    """What a live message says of the player's sessions."""

    IDLE = ""
    """Nothing: there was none when the message was made, or none was looked for."""
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True)
class Row:
    """One live message. Times in Unix seconds; `digest` is of what it shows, its own time left out.

    `shown`: when its newest edit was begun, before anything was read, or LEAD_S before its end if that took longer.

    `carried`: what came along with the newest wish to renew it, see `telemetry/trail.py`.
    """

    chat: int
    message_id: int
    digest: str = ""
    shown: float = 0.0
    seen: float = 0.0
    phase: Phase = Phase.IDLE
    clicks: int = 0
    carried: Mapping[str, str] = field(default_factory=dict)

    def due(self, interval: float = BETWEEN_S) -> float:
        """When its next edit may be begun, in Unix seconds."""
        return self.shown + interval - LEAD_S

    def lively(self, now: float) -> bool:
        """True if the player did something lately."""
        return now - self.seen < LIVELY_S


def interval_s(chats: int, edits_per_s: float, pace_s: int) -> float | None:
    """Seconds between two edits of one live message; None: only on request."""
    if not pace_s:
        return None
    return max(float(pace_s), BETWEEN_S, chats / edits_per_s)


def again_s(chats: int, edits_per_s: float) -> float:
    """Seconds until a message without news is looked at again: with many of them, as if each look brought an edit."""
    return max(AGAIN_S, chats / edits_per_s)


def turned(phase: Phase, presence: str) -> Phase:
    """The next phase. `presence`: the state of the player's newest session, `active` if any is.

    Only who played is told of a pause: a message made while a session of yesterday lies paused says nothing of it.
    """
    if presence == "active":
        return Phase.ACTIVE
    if presence == "paused" and phase is not Phase.IDLE:
        return Phase.PAUSED
    return Phase.IDLE


def milestone(clicks: int) -> int:
    """The greatest of 100, 1,000, 10,000 … that these clicks have reached; 0 below."""
    return 10 ** (len(str(clicks)) - 1) if clicks >= 100 else 0


def celebrated(before: int, now: int) -> int:
    """The milestone that lies between; 0 if none does."""
    reached = milestone(now)
    return reached if reached > milestone(before) else 0
