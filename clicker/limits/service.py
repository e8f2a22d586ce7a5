"""Counting calls, and what happens when they can't be counted."""

import math
import time
from collections.abc import Callable

from limits import parse

from clicker.errors import Overloaded, TooManyRequests
from clicker.limits import rules
from clicker.limits.rules import BURST, TIERS, Room
from clicker.limits.store import HotLimits
from clicker.pace.service import PaceService
from clicker.settings import Settings
from clicker.stores.redis import Error

AWAY_S = 1.0
"""After the store has failed once, nobody waits for it for this long, in seconds."""
DROPPED_S = 10
"""When a kind of call that is dropped may be tried again, in seconds: pace is not lowered sooner."""
_REMEMBERED = 10_000
"""How many refused callers a process remembers, so that refusing them again costs nothing."""


class LimitsService:
    """Use cases of the room.

    `opened` and `closed` are how many calls went uncounted, or were refused, because the store was away; `refused`
    how many were over a limit, `refused_by` tier. Plain numbers since the process began, for the metrics.
    """

    def __init__(
        self,
        settings: Settings,
        store: HotLimits,
        pace: PaceService,
        now: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store, self.pace, self.now, self.timer = store, pace, now, timer
        given = {tier: str(getattr(settings, f"limit_{tier}")) for tier in TIERS}
        self.items = {tier: parse(limit) for tier, limit in given.items() if limit}
        self.opened = self.closed = 0
        self.refused_by = dict.fromkeys(TIERS, 0)
        self._away_until = 0.0
        self._told: dict[tuple[str, str], tuple[float, Room]] = {}

    @property
    def refused(self) -> int:
        return sum(self.refused_by.values())

    @property
    def away(self) -> bool:
        """True while the store is not asked, because it has just failed."""
        return self.timer() < self._away_until

    def count(self, tier: str, call: str, who: str) -> Room | None:
        """Counts one `call` of a caller under its tier, and under what all their calls may be together.

        Returns what is left, None if nothing limits it or nobody can count just now. Raises TooManyRequests, or
        Overloaded while a sensitive call can't be counted.
        """
        self._recall(tier, call, who)
        self._recall(BURST, "any", who)
        if self.away:
            return self._uncounted(tier)
        try:
            self._take(BURST, "any", who)
            return self._take(tier, call, who)
        except Error:
            self._away_until = self.timer() + AWAY_S
        return self._uncounted(tier)

    def _take(self, tier: str, call: str, who: str) -> Room | None:
        item = self.items.get(tier)
        if item is None:
            return None
        cost = rules.cost(tier, self.pace.current().level)
        if cost is not None and self.store.take(item, call, who, cost):
            return None if tier == BURST else self.store.room(item, call, who, cost)
        room = self.store.room(item, call, who, cost or 1)
        wait = math.ceil(max(1.0, room.reset - self.now())) if cost else DROPPED_S
        self._remember(call, who, room, wait)
        raise self._refusal(tier, room, wait)

    def _recall(self, tier: str, call: str, who: str) -> None:
        """Refuses again, without asking the store, whoever was told to wait and did not."""
        until, room = self._told.get((call, who), (0.0, None))
        left = until - self.timer()
        if room is not None and left > 0:
            raise self._refusal(tier, room, math.ceil(left))

    def _remember(self, call: str, who: str, room: Room, wait: int) -> None:
        if len(self._told) >= _REMEMBERED:
            self._told.clear()
        self._told[call, who] = self.timer() + wait, room

    def _refusal(self, tier: str, room: Room, wait: int) -> TooManyRequests:
        self.refused_by[tier] += 1
        return TooManyRequests(limit=room.limit, reset=room.reset, retry_after=wait)

    def _uncounted(self, tier: str) -> Room | None:
        if rules.fails_closed(tier):
            self.closed += 1
            raise Overloaded
        self.opened += 1
        return None
