"""A sandbox and the bot's dispatcher in this process, for tests that take thousands of steps."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeVar

from aiogram.types import Update
from aiohttp import web

from clicker import wiring
from clicker.bot import app
from clicker.settings import SANDBOX_TOKEN, Settings
from clicker.wiring import Services
from sandbox.parts import Parts
from sandbox.server import build_app
from sandbox.state import Json
from sandbox.users import acts
from tests.processes import free_port

Result = TypeVar("Result")
STEP_S = 20


class Street:
    """People act one after another; after each act the bot has done all it does before the next one."""

    def __init__(self, settings: Settings) -> None:
        port = free_port()
        self.loop = asyncio.new_event_loop()
        self.parts = Parts(token=SANDBOX_TOKEN, play_url="http://127.0.0.1:8000/", strict=False)
        self.services: Services = wiring.build(replace(settings, sandbox_port=port))
        self._runner = web.AppRunner(build_app(self.parts), access_log=None)
        self.run(self._open(port))

    async def _open(self, port: int) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.bot = app.build(self.services)
        await self.bot.game.meet((await self.bot.bot.me()).username or "")

    def run(self, work: Awaitable[Result]) -> Result:
        return self.loop.run_until_complete(asyncio.wait_for(work, STEP_S))

    def close(self) -> None:
        self.run(self._close())
        self.loop.close()
        self.services.postgres.close_all()
        self.services.redis.close()

    async def _close(self) -> None:
        await self.bot.close()
        await self._runner.cleanup()

    def settle(self, again: bool = False) -> None:
        """Has the bot handle what waits; `again`: twice, as after a lost confirmation."""
        waiting = list(self.parts.updates.queue)
        self.parts.updates.queue.clear()
        for raw in waiting * (2 if again else 1):
            self.run(self._handled(raw))

    async def _handled(self, raw: Json) -> None:
        update = Update.model_validate(raw, context={"bot": self.bot.bot})
        await self.bot.dispatcher.feed_update(self.bot.bot, update)

    def write(self, user: int, **body: Any) -> None:
        acts.write(self.parts, user, body)

    def press(self, user: int, message_id: int, data: str) -> Json:
        """Returns the press as the sandbox keeps it, to see whether it was answered."""
        acts.press(self.parts, user, {"message_id": message_id, "data": data})
        return dict(self.parts.state.chat(user).callbacks[-1])

    def pressed(self, user: int, query: Json) -> Json:
        return next(c for c in self.parts.state.chat(user).callbacks if c["id"] == query["id"])

    def renew(self) -> None:
        """Lets live messages have their turn."""
        self.run(self.bot.renewal.round())

    def messages(self, user: int) -> list[Json]:
        """The bot's messages, oldest first."""
        kept = self.parts.state.chat(user).messages.values()
        return [message for message in kept if message["from"]["is_bot"]]


def buttons(message: Json) -> list[Json]:
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
