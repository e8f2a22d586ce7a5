"""Telegram's limits, as token buckets on an injected clock. No I/O, no knowledge of HTTP.

Telegram publishes the first three numbers (core.telegram.org/bots/faq, "My bot is hitting limits") and says
that short bursts pass; the edits' number is reported in tdlib#2592 and #3034. The depths of the buckets are
our estimate. While a 429's `retry_after` runs, everything that writes is refused: the worst that has been
reported.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

MINIMUM_PAUSE_S = 3  # real ones last longer (25 to 245 s in reports); a developer should not wait for those


@dataclass(frozen=True)
class Rate:
    """`per_second` calls on average, `depth` of them at once."""

    name: str
    per_second: float
    depth: float


CHAT = Rate("chat", 1, 3)
CHAT_EDITS = Rate("edits", 20 / 60, 20)
GROUP = Rate("group", 20 / 60, 20)
BOT = Rate("bot", 30, 30)


class LimitExceededError(Exception):
    """The call is refused; try again after `retry_after` whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after}")
        self.retry_after = retry_after


class Bucket:
    """A token bucket that starts full."""

    __slots__ = ("at", "rate", "tokens")

    def __init__(self, rate: Rate, now: float) -> None:
        self.rate = rate
        self.tokens = rate.depth
        self.at = now

    def wait(self, now: float) -> float:
        """Seconds until one token is there; 0 if there is one."""
        grown = self.tokens + max(0.0, now - self.at) * self.rate.per_second
        self.tokens = min(self.rate.depth, grown)
        self.at = now
        # The tolerance keeps a sum of floats such as 20 x 1/20 from missing its whole token.
        return max(0.0, 1 - 1e-9 - self.tokens) / self.rate.per_second

    def take(self) -> None:
        self.tokens -= 1


class Limits:
    """Every limit of one bot. `clock` gives seconds and never goes back; not `strict`: all pass."""

    def __init__(self, clock: Callable[[], float], strict: bool = True) -> None:
        self._clock = clock
        self._strict = strict
        self._paused_until = 0.0
        self._bot = Bucket(BOT, clock())
        self._buckets: dict[tuple[int, str], Bucket] = {}

    def check_pause(self) -> None:
        """Raises LimitExceededError while an earlier 429 still runs."""
        left = self._paused_until - self._clock()
        if self._strict and left > 0:
            raise LimitExceededError(math.ceil(left))

    def charge(self, chat_id: int, *, edit: bool) -> None:
        """Counts one send or edit in a chat. Raises LimitExceededError, and then pauses the whole bot."""
        if not self._strict:
            return
        self.check_pause()
        now = self._clock()
        buckets = [self._bot, *(self._bucket(chat_id, rate, now) for rate in self._rates(chat_id, edit))]
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            self._pause(now, wait)
        for bucket in buckets:
            bucket.take()

    def _pause(self, now: float, wait: float) -> None:
        pause = max(MINIMUM_PAUSE_S, math.ceil(wait))
        self._paused_until = now + pause
        raise LimitExceededError(pause)

    @staticmethod
    def _rates(chat_id: int, edit: bool) -> list[Rate]:
        shared = [GROUP] if chat_id < 0 else []
        return [CHAT, *shared, *([CHAT_EDITS] if edit else [])]

    def _bucket(self, chat_id: int, rate: Rate, now: float) -> Bucket:
        key = (chat_id, rate.name)
        if key not in self._buckets:
            self._buckets[key] = Bucket(rate, now)
        return self._buckets[key]
