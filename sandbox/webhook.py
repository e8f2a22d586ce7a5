"""Delivery of updates to a webhook: one at a time, in order, again until it is accepted."""

import asyncio
import logging
import time

import aiohttp

from sandbox.state import Json
from sandbox.updates import Updates

FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 30.0
ANSWER_WITHIN_S = 60
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

    def set(self, url: str, secret: str, connections: int) -> None:
        self.url, self.secret, self.connections = url, secret, connections
        self.error, self.error_at = "", 0
        self._changed.set()

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
        """Runs for ever. An update leaves the queue once the bot answered 2xx."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            retry_s = FIRST_RETRY_S
            while True:
                await self._wait_for_work(updates)
                if await self._send(session, updates):
                    retry_s = FIRST_RETRY_S
                else:
                    await self._pause(retry_s)
                    retry_s = min(LONGEST_RETRY_S, retry_s * 2)

    async def _wait_for_work(self, updates: Updates) -> None:
        while not self.url:
            self._changed.clear()
            await self._changed.wait()
        await updates.arrival()

    async def _send(self, session: aiohttp.ClientSession, updates: Updates) -> bool:
        if not self.url or not updates.queue:
            return True
        update = updates.queue[0]
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            return self._failed(f"Connection failed: {type(error).__name__}")
        if not 200 <= status < 300:
            return self._failed(f"Wrong response from the webhook: {status}")
        if updates.queue and updates.queue[0] is update:
            updates.queue.popleft()
        return True

    def _failed(self, why: str) -> bool:
        log.warning("webhook: %s", why)
        self.error, self.error_at = why, int(time.time())
        return False

    async def _pause(self, seconds: float) -> None:
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return
