"""Updates by webhook: Telegram is answered 200 when an update was handled, and not before, so that none is lost.

Telegram sends an update again until it is answered 200, and so may a second process get what the first one has: the
note of the `OnceMiddleware`, taken inside the conversation's lock, makes it act once. TLS ends at the proxy.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from clicker.bot.polling import GRACE_S, HANDLED_WITHIN_S, Conversation

log = logging.getLogger("clicker.bot")

PATH = "/telegram/webhook"
"""Below PUBLIC_URL; the proxy hands it to the bot's port."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LONGEST_BODY = 512 * 1024
Task = asyncio.Task[None]


class Webhook:
    """Receives updates until `stop`. Several processes may listen on one port: the kernel deals out connections."""

    def __init__(
        self, bot: Bot, handle: Callable[[Update], Awaitable[object]], secret: str, stop: asyncio.Event
    ) -> None:
        self._bot, self._handle, self._secret, self._stop = bot, handle, secret.encode(), stop
        self._last: dict[Conversation, Task] = {}
        self._under_way: set[Task] = set()

    async def run(self, host: str, port: int) -> None:
        """Returns when handlers have finished, or after GRACE_S."""
        app = web.Application(client_max_size=LONGEST_BODY)
        app.router.add_post(PATH, self.receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, reuse_port=True).start()
            log.info("webhook on %s:%s", host, port)
            await self._stop.wait()
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=GRACE_S)
        finally:
            for task in self._under_way:
                task.cancel()
            await runner.cleanup()

    async def receive(self, request: web.Request) -> web.Response:
        """200: handled. 401: not from Telegram. 503: this process stops, another one will do."""
        given = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        if self._stop.is_set():
            return web.Response(status=503)
        try:
            update = Update.model_validate_json(await request.read(), context={"bot": self._bot})
        except ValidationError as error:
            # Refused, it would come again for ever and hold up those behind it.
            log.error("an update can't be read: %s", error.errors(include_input=False)[:1])
            return web.Response()
        return await self._answer(update)

    async def _answer(self, update: Update) -> web.Response:
        task = self._begin(update)
        try:
            # The work goes on if Telegram hangs up: it is noted as done, and sent again it acts no second time.
            await asyncio.wait_for(asyncio.shield(task), HANDLED_WITHIN_S)
        except TimeoutError:
            task.cancel()
            log.error("update %s was given up after %s s", update.update_id, HANDLED_WITHIN_S)
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
            return web.Response(status=503)
        except Exception:
            log.exception("update %s failed", update.update_id)
        return web.Response()

    def _begin(self, update: Update) -> Task:
        context = UserContextMiddleware.resolve_event_context(update)
        conversation = (context.chat_id, context.user_id)
        task = asyncio.create_task(self._work(update, self._last.get(conversation)))
        self._last[conversation] = task
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._forget(conversation, done))
        return task

    async def _work(self, update: Update, previous: Task | None) -> None:
        if previous:
            await asyncio.wait({previous})
        await self._handle(update)

    def _forget(self, conversation: Conversation, task: Task) -> None:
        self._under_way.discard(task)
        if self._last.get(conversation) is task:
            del self._last[conversation]
