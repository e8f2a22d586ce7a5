"""Waiting longer after each failure, not a moment longer once the bot is to stop, and one line in the log about it."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom

FIRST_S = 0.5
LONGEST_S = 15.0
AGAIN_S = 60.0
"""How soon the same trouble is worth another line, when it comes and goes."""
log = logging.getLogger("clicker.bot")
_random = SystemRandom()


class Backoff:
    """Doubles its pause with each failure, from FIRST_S to LONGEST_S, a quarter more or less at random."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._next_s = FIRST_S

    def pause_s(self, at_least_s: float = 0.0) -> float:
        """How long to wait now, in seconds; the next answer will be longer."""
        pause = max(self._next_s * _random.uniform(0.75, 1.25), at_least_s)
        self._next_s = min(self._next_s * 2, LONGEST_S)
        return pause

    async def wait(self, pause_s: float) -> None:
        """Waits; ends early when the bot is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), pause_s)

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def reset(self) -> None:
        """All is well again."""
        self._next_s = FIRST_S


class Trouble:
    """One line when something begins to go wrong and one when it is over, however often it is tried meanwhile."""

    def __init__(self, over: str, now: Callable[[], float] = time.monotonic) -> None:
        self._over, self._now = over, now
        self._said = ""
        self._told: dict[str, float] = {}

    def tell(self, kind: str, line: str) -> None:
        """Logs the line, unless the log's last word is this kind of trouble, or heard of it within AGAIN_S."""
        now = self._now()
        if kind != self._said and now - self._told.get(kind, -AGAIN_S) >= AGAIN_S:
            log.warning("%s; tried again until it works", line)
            self._said, self._told[kind] = kind, now

    def over(self) -> None:
        """All is well. Says so if the log's last word is something else."""
        if self._said:
            log.info(self._over)
            self._said = ""
