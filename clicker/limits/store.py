"""Counters in the hot store: the `limits` library's sliding windows, over round trips that callers share."""

import math

from limits import RateLimitItem
from limits.storage import RedisStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import Redis

from clicker.limits.rules import Room
from clicker.stores.keys import Keys
from clicker.stores.redis import sharing


class HotLimits:
    def __init__(self, redis: Redis) -> None:
        self._windows = SlidingWindowCounterRateLimiter(_Storage(redis))

    def take(self, item: RateLimitItem, call: str, who: str, cost: int) -> bool:
        """Takes `cost` places of a caller's window. Returns False, and takes none, if there are fewer."""
        return self._windows.hit(item, call, who, cost=cost)

    def room(self, item: RateLimitItem, call: str, who: str, cost: int) -> Room:
        """What a caller has left, counted in calls that cost `cost`."""
        stats = self._windows.get_window_stats(item, call, who)
        return Room(item.amount // cost, stats.remaining // cost, math.ceil(stats.reset_time))


class _Storage(RedisStorage):
    """The library's storage on our own client, a server's or a cluster's: each of its scripts stays in one slot."""

    def __init__(self, redis: Redis) -> None:
        Storage.__init__(self)
        self.key_prefix = Keys.LIMITS
        prepare = sharing(redis)
        self.lua_sliding_window = prepare(self.SCRIPT_SLIDING_WINDOW.decode())  # type: ignore[assignment]
        self.lua_acquire_sliding_window = prepare(self.SCRIPT_ACQUIRE_SLIDING_WINDOW.decode())  # type: ignore[assignment]

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception
