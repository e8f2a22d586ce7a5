"""Waiting longer after each failure, and not a moment longer once the bot is to stop."""

import asyncio
from contextlib import suppress
from random import SystemRandom

FIRST_S = 0.5
LONGEST_S = 15.0
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
