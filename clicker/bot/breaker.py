"""A circuit breaker in front of Telegram: while it does not answer, what nobody waits for is not even tried.

Answers to players, and the question for updates, are: they are few while Telegram is away, and the first call of any
kind that is answered closes the circuit for all.
"""

import time
from collections.abc import Callable
from random import SystemRandom

FAILURES = 5
"""In a row, of whatever calls; one lost connection is no outage."""
FIRST_S = 1.0
LONGEST_S = 8.0
_random = SystemRandom()


class Cut(Exception):
    """Not sent: Telegram has not answered of late."""


class Breaker:
    """Opens after FAILURES in a row; then one call a pause may try, FIRST_S to LONGEST_S, a quarter more or less."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures, self._pause_s, self._next = 0, FIRST_S, 0.0

    @property
    def open(self) -> bool:
        return self._failures >= FAILURES

    def check(self) -> None:
        """Before a call that can be missed. Raises Cut."""
        if not self.open:
            return
        if self._now() < self._next:
            raise Cut
        self._wait()

    def failed(self) -> None:
        """Telegram did not answer, or not as itself."""
        self._failures += 1
        if self._failures == FAILURES:
            self._wait()

    def answered(self) -> None:
        """Telegram answered, be it with a refusal."""
        self._failures, self._pause_s = 0, FIRST_S

    def _wait(self) -> None:
        self._next = self._now() + self._pause_s * _random.uniform(0.75, 1.25)
        self._pause_s = min(self._pause_s * 2, LONGEST_S)
