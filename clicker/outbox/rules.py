"""Telegram's limits with our margin, the order of what waits, and how long a retry waits. Pure.

Sources: core.telegram.org/bots/faq ("My bot is hitting limits"): 30 messages a second in all, one a second in one
chat with short bursts, 20 a minute in a group; edits count like messages, and one chat takes about 20 of them a
minute (tdlib#2592, #3034).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from random import Random

INVITED_BY = "ref_"
"""What a deep link's payload begins with; the inviting player's id follows (at most 64 characters in all)."""
EARLY_S = 0.001
"""So much too early is in time: a Unix time of that many digits is no more exact."""


class Lane(IntEnum):
    """What goes first. A lane moves when those before it have nothing that may be sent."""

    ANSWER = 0
    """Somebody waits for it."""
    LIVE = 1
    """A live message whose turn it is."""
    ASKED = 2
    """A live message ahead of its turn: its player pressed Refresh and has the numbers already."""
    CHORE = 3
    """Tidying up: old buttons, old questions. Nobody misses it."""


@dataclass(frozen=True)
class Rate:
    """`per_second` on average, `depth` at once, of which `spared` is kept for an answer that may come any moment."""

    per_second: float
    depth: float
    spared: float = 0

    def depth_for(self, lane: Lane) -> float:
        """What this lane may take at once."""
        return self.depth - self.spared if lane else self.depth

    def wait_s(self, full_at: float, now: float, lane: Lane = Lane.ANSWER) -> float:
        """Seconds until one more fits. `full_at`: see `after`."""
        wait_s = full_at - (self.depth_for(lane) - 1) / self.per_second - now
        return wait_s if wait_s > EARLY_S else 0.0

    def after(self, full_at: float, now: float) -> float:
        """The bucket's state after one more: the time at which it will be full again."""
        return max(full_at, now) + 1 / self.per_second


BOT = Rate(27, 3, spared=1)
"""Of 30: in no second more than 30, with a tenth to spare on average."""
CHAT = Rate(1, 2)
CHAT_EDITS = Rate(20 / 60, 3, spared=1)
GROUP = Rate(15 / 60, 5)
"""In no minute more than 20."""
STAND_BACK_S = 0.05
"""How soon the other lanes look again while answers wait."""


@dataclass(frozen=True)
class Charge:
    """One message or edit. `chat` is Telegram's id, below 0 for groups; None counts for the bot as a whole only."""

    chat: int | None
    lane: Lane = Lane.ANSWER
    edit: bool = False

    def rates(self) -> list[tuple[str, Rate]]:
        """The buckets it is taken from, by name; the bot's first."""
        if self.chat is None:
            return [("bot", BOT)]
        own = [("bot", BOT), (f"chat:{self.chat}", CHAT)]
        if self.chat < 0:
            own.append((f"group:{self.chat}", GROUP))
        return [*own, (f"edits:{self.chat}", CHAT_EDITS)] if self.edit else own


@dataclass(frozen=True)
class Verdict:
    """Go (`wait_s` is 0), or when to ask again, and whether everyone has to wait or this chat only."""

    wait_s: float
    everyone: bool = False


@dataclass
class Buckets:
    """What `take.lua` does, for one process: while the hot store is away, and as the script's model in tests.

    `share`: the part of the bot's rate that this process takes for itself.
    """

    share: float = 1.0
    full_at: dict[str, float] = field(default_factory=dict)
    paused_until: float = 0.0
    answers_until: float = 0.0

    def take(self, charge: Charge, now: float) -> Verdict:
        if self.paused_until > now:
            return Verdict(self.paused_until - now, everyone=True)
        if charge.lane and self.answers_until > now:
            return Verdict(STAND_BACK_S, everyone=True)
        rates = [(name, self._shared(name, rate)) for name, rate in charge.rates()]
        waits = [rate.wait_s(self.full_at.get(name, 0), now, charge.lane) for name, rate in rates]
        if max(waits) > 0:
            if waits[0] > 0 and not charge.lane:
                self.answers_until = now + waits[0] + STAND_BACK_S
            return Verdict(max(waits), everyone=waits[0] == max(waits))
        for name, rate in rates:
            self.full_at[name] = rate.after(self.full_at.get(name, 0), now)
        return Verdict(0)

    def forget_full(self, now: float) -> None:
        """Drops buckets that are full again: they would be made anew just so."""
        self.full_at = {name: full_at for name, full_at in self.full_at.items() if full_at > now}

    def _shared(self, name: str, rate: Rate) -> Rate:
        return replace(rate, per_second=rate.per_second * self.share) if name == "bot" else rate


LIVE_SHARE = 0.75
"""Of what answers leave, the part that live messages are promised; the rest is for Refresh and chores."""
LEAST_EDITS = 3.0
"""Promised to live messages a second, however many answers there are."""


def edit_budget(answers_per_s: float) -> float:
    """Edits of live messages a second that the whole bot can keep up."""
    return max(LEAST_EDITS, LIVE_SHARE * (BOT.per_second - answers_per_s))


FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 15.0


def retry_s(attempt: int, random: Random) -> float:
    """How long to wait after the `attempt`-th failure (from 1), in seconds: doubling, half more or less at random."""
    return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.5)


_CHAT_GONE = (
    "bot was blocked",
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "not enough rights",
)
_MESSAGE_GONE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "MESSAGE_ID_INVALID",
)


def chat_is_gone(description: str) -> bool:
    """True if Telegram's refusal means that this chat takes nothing from us any more."""
    return _has(description, _CHAT_GONE)


def message_is_gone(description: str) -> bool:
    """True if Telegram's refusal means that this message can't be changed any more."""
    return _has(description, _MESSAGE_GONE)


def _has(description: str, phrases: Iterable[str]) -> bool:
    return any(phrase in description for phrase in phrases)
