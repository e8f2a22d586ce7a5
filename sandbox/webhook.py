"""Delivery of updates to a webhook: a conversation's in order, each again until it is accepted."""

import asyncio
import logging
import time
from functools import partial
from itertools import islice

import aiohttp

from sandbox.state import Json
from sandbox.updates import Updates

FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 30.0
ANSWER_WITHIN_S = 60
AHEAD = 1000
"""How far into the queue it looks for conversations that are free."""
log = logging.getLogger(__name__)


class Webhook:
    """Where updates are sent. An empty `url` means that the bot polls."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.connections = 0
        self.error = ""
        self.error_at = 0
        self._changed = asyncio.Event()
        self._news = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def set(self, url: str, secret: str, connections: int) -> None:
        self.url, self.secret, self.connections = url, secret, connections
        self.error, self.error_at = "", 0
        self._changed.set()
        self._changed = asyncio.Event()
        self._news.set()

    def info(self, updates: Updates) -> Json:
        """Telegram's WebhookInfo."""
        known: Json = {"url": self.url, "has_custom_certificate": False}
        known["pending_update_count"] = len(updates.queue)
        if self.url:
            known["max_connections"] = self.connections
        if self.error:
            known |= {"last_error_date": self.error_at, "last_error_message": self.error}
        if updates.allowed:
            known["allowed_updates"] = updates.allowed
        return known

    async def deliver(self, updates: Updates) -> None:
        """Runs for ever. Conversations side by side, as many as there are connections; one conversation's in order.

        An update leaves the queue once the bot answered 2xx.
        """
        updates.listener = self._news.set
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            try:
                while True:
                    self._news.clear()
                    self._begin(session, updates)
                    await self._news.wait()
            finally:
                for task in self._under_way.values():
                    task.cancel()

    def _begin(self, session: aiohttp.ClientSession, updates: Updates) -> None:
        for update in islice(updates.queue, AHEAD):
            if not self.url or len(self._under_way) >= self.connections:
                return
            conversation = _conversation(update)
            if conversation not in self._under_way:
                task = asyncio.create_task(self._carry(session, updates, update))
                self._under_way[conversation] = task
                task.add_done_callback(partial(self._ended, conversation))

    def _ended(self, conversation: int, _task: asyncio.Task[None]) -> None:
        del self._under_way[conversation]
        self._news.set()

    async def _carry(self, session: aiohttp.ClientSession, updates: Updates, update: Json) -> None:
        """One update, again and again, until the bot takes it or nobody wants it any more."""
        retry_s = FIRST_RETRY_S
        while self.url and update in updates.queue:
            if await self._send(session, update):
                updates.remove(update)
                return
            await self._pause(retry_s)
            retry_s = min(LONGEST_RETRY_S, retry_s * 2)

    async def _send(self, session: aiohttp.ClientSession, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            return self._failed(f"Connection failed: {type(error).__name__}")
        return 200 <= status < 300 or self._failed(f"Wrong response from the webhook: {status}")

    def _failed(self, why: str) -> bool:
        log.warning("webhook: %s", why)
        self.error, self.error_at = why, int(time.time())
        return False

    async def _pause(self, seconds: float) -> None:
        """Ends early when a webhook is set."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return


def _conversation(update: Json) -> int:
    """Whose update it is: the chat's id, or the user's where there is no chat."""
    event: Json = next(value for key, value in update.items() if key != "update_id")
    message = event.get("message") or event
    return int((message.get("chat") or event.get("from") or {}).get("id", 0))
