"""Answers of Postgres that are kept for a while, so that an open page costs it little, and a frozen one little time."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from clicker.clock import Clock
from clicker.stores.postgres import Errors

KEPT_S = 10.0
"""How long an answer is shown before the question is asked again, in seconds."""
log = logging.getLogger(__name__)
T = TypeVar("T")


class Kept(Generic[T]):
    """The last answer to one question; `nothing` until there is one. `since` is when it was given (Unix, seconds).

    `away` while Postgres does not answer: the last answer stays what it was.
    """

    def __init__(self, ask: Callable[[], T], nothing: T, clock: Clock) -> None:
        self.ask, self.last, self.clock = ask, nothing, clock
        self.since, self.away = 0.0, False
        self._asked_at = 0.0
        self._asking = threading.Lock()

    def look(self) -> T:
        """The answer, asked for by one caller once in KEPT_S; the others have the last one."""
        if self.clock() - self._asked_at >= KEPT_S and self._asking.acquire(blocking=False):
            try:
                self.last, self.since = self.ask(), self.clock()
                self.away = False
            except Errors:
                self.away = True
                log.info("Postgres does not tell what an operator wants to know")
            finally:
                self._asked_at = self.clock()
                self._asking.release()
        return self.last

    def glance(self) -> T:
        """As `look`, but nobody waits for a Postgres that did not answer the last time."""
        return self.last if self.away else self.look()
