"""The queue of updates: kept until the bot confirms them, filtered, polled by one bot at a time."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sandbox.errors import conflict
from sandbox.state import Json

KEPT = 100_000  # Telegram keeps updates for 24 hours; here their number is bounded instead
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """Waiting updates, oldest first, and the one long poll that may wait for them."""

    def __init__(self) -> None:
        self.queue: deque[Json] = deque(maxlen=KEPT)
        self.allowed: list[str] | None = None  # None: Telegram's default set
        self.listener: Callable[[], None] = lambda: None
        """Is told that something arrived."""
        self._poller: asyncio.Future[None] | None = None
        self._closing = False

    def add(self, update_id: int, kind: str, payload: dict[str, Any]) -> None:
        """Queues an update unless its kind is not wanted."""
        wanted = kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT
        if wanted:
            self.queue.append({"update_id": update_id, kind: payload})
            self._wake()

    def confirm(self, offset: int) -> bool:
        """Forgets what is older than `offset`; a negative one keeps the newest -offset updates only.

        True if something was forgotten.
        """
        before = len(self.queue)
        if offset < 0:
            while len(self.queue) > -offset:
                self.queue.popleft()
        while self.queue and self.queue[0]["update_id"] < offset:
            self.queue.popleft()
        return len(self.queue) < before

    async def poll(self, limit: int, timeout_s: float) -> list[Json]:
        """The oldest updates that are not confirmed, waiting up to `timeout_s` for the first.

        Raises ApiError 409 in the older of two polls, as soon as the newer arrives.
        """
        self.conflict(_OTHER_POLLER)
        if not self.queue and timeout_s > 0 and not self._closing:
            await self._wait(timeout_s)
        return [update for _, update in zip(range(limit), self.queue, strict=False)]

    def conflict(self, reason: str) -> None:
        """Ends a waiting poll with 409."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(conflict(reason))

    def close(self) -> None:
        """Ends a waiting poll with an empty answer."""
        self._closing = True
        self._wake()

    def remove(self, update: Json) -> None:
        """Forgets one that was delivered; no matter if it is gone."""
        with suppress(ValueError):
            self.queue.remove(update)

    async def _wait(self, timeout_s: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = mine
        try:
            await asyncio.wait_for(mine, timeout_s)
        except TimeoutError:
            pass
        finally:
            if self._poller is mine:
                self._poller = None

    def _wake(self) -> None:
        self.listener()
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
