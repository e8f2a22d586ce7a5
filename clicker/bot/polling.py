"""Long polling that confirms an update to Telegram only after it was handled.

`getUpdates(offset)` confirms every update below `offset`. aiogram's own polling raises the offset as soon as it has
*started* a handler, so `kill -9` loses what was in flight. Here the offset is the oldest update that is not handled
yet. Those above it come again with each call and are known by their ids: the window. It holds at most 100, which is
what one call returns, so a slow update holds up others only when 99 newer ones are through.

Conversations are handled side by side, the updates of one conversation in their order.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from aiogram import Bot
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.exceptions import AiogramError
from aiogram.methods import GetUpdates
from aiogram.types import Update

from clicker.bot.backoff import Backoff, Trouble
from clicker.bot.telegram import AWAY, TIMEOUT_S, described

log = logging.getLogger("clicker.bot")

WINDOW = 100
"""The most that one getUpdates returns (core.telegram.org/bots/api#getupdates)."""
CROWD = 10
"""More updates of one conversation than this, in a window that is full, are a flood."""
POLL_S = 30
LOOK_AGAIN_S = 0.1
QUIET_S = 0.3
"""How soon new updates are fetched while others are being handled (Telegram does not wait then), and how soon
when the last look brought none."""
HANDLED_WITHIN_S = 40
GRACE_S = 3.5
"""How long handlers may go on after a stop signal; `make run` kills after 6 s."""
_CONFIRMED_WITHIN_S = 1

Conversation = tuple[int | None, int | None]
Task = asyncio.Task[bool]


@dataclass(eq=False)
class Begun:
    """One update in the window. `skipped`: it is left unanswered when its turn comes."""

    conversation: Conversation
    task: Task
    skipped: bool = False


class Poller:
    """Fetches updates of these `kinds` and has them handled, until `stop`."""

    def __init__(
        self, bot: Bot, handle: Callable[[Update], Awaitable[object]], kinds: list[str], stop: asyncio.Event
    ) -> None:
        self._bot, self._handle, self._kinds, self._stop = bot, handle, kinds, stop
        self._backoff = Backoff(stop)
        self._trouble = Trouble("updates come in again")
        self._window: dict[int, Begun] = {}
        self._last: dict[Conversation, Task] = {}
        self._offset: int | None = None
        self._confirmed: int | None = None

    async def run(self) -> None:
        """Returns when handlers have finished and what they did is confirmed."""
        while not self._stop.is_set():
            new = [update for update in await self._fetch() if update.update_id not in self._window]
            for update in new:
                self._begin(update)
            await self._pause(LOOK_AGAIN_S if new else QUIET_S)
        await self._finish()

    async def _fetch(self) -> list[Update]:
        self._advance()
        if len(self._window) >= WINDOW:
            self._make_room()
            return []
        try:
            updates = await self._unless_stopped(self._call(0 if self._window else POLL_S, WINDOW))
        except AiogramError as error:
            if not isinstance(error, AWAY):  # of which the outlet tells
                self._trouble.tell(type(error).__name__, f"no updates: {described(error, self._bot.token)}")
            await self._backoff.wait(self._backoff.pause_s(getattr(error, "retry_after", 0)))
            return []
        self._backoff.reset()
        self._trouble.over()
        return updates

    async def _call(self, timeout_s: int, limit: int, answer_s: int = TIMEOUT_S) -> list[Update]:
        offset = self._offset
        call = GetUpdates(offset=offset, limit=limit, timeout=timeout_s, allowed_updates=self._kinds)
        updates = await self._bot(call, request_timeout=timeout_s + answer_s)
        self._confirmed = offset
        return updates

    async def _unless_stopped(self, work: Awaitable[list[Update]]) -> list[Update]:
        # A long poll that is dropped confirms nothing and loses nothing.
        fetching, stopped = asyncio.ensure_future(work), asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({fetching, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return await fetching if fetching.done() else []
        finally:
            for future in (fetching, stopped):
                future.cancel()
            await asyncio.wait({fetching, stopped})

    def _begin(self, update: Update) -> None:
        context = UserContextMiddleware.resolve_event_context(update)
        conversation = (context.chat_id, context.user_id)
        task = asyncio.create_task(self._work(update, self._last.get(conversation)))
        self._window[update.update_id] = Begun(conversation, task)
        self._last[conversation] = task
        task.add_done_callback(lambda done: self._forget(conversation, done))

    async def _work(self, update: Update, previous: Task | None) -> bool:
        """True if the update is done with, False if it was left for the next start."""
        if previous:
            await asyncio.wait({previous})
        if self._stop.is_set():
            return False
        if self._window[update.update_id].skipped:
            return True
        try:
            await asyncio.wait_for(self._handle(update), HANDLED_WITHIN_S)
        except TimeoutError:
            log.error("update %s was given up after %s s", update.update_id, HANDLED_WITHIN_S)
        except Exception:
            log.exception("update %s failed", update.update_id)
        return True

    def _forget(self, conversation: Conversation, task: Task) -> None:
        if self._last.get(conversation) is task:
            del self._last[conversation]

    def _make_room(self) -> None:
        """Whoever fills the window with a flood is answered first and last only: others wait behind it."""
        crowds = Counter(begun.conversation for begun in self._window.values() if not begun.skipped)
        conversation, size = crowds.most_common(1)[0] if crowds else (None, 0)
        if size <= CROWD:
            return
        flood = [begun for begun in self._window.values() if begun.conversation == conversation]
        for begun in flood[1:-1]:
            begun.skipped = True
        log.warning("%s updates of one conversation are left unanswered: a flood", len(flood) - 2)

    def _advance(self) -> None:
        """Moves the offset past what is handled; stops at the first update that is not."""
        for update_id, begun in list(self._window.items()):
            task = begun.task
            if not task.done() or task.cancelled() or not task.result():
                self._offset = update_id
                return
            del self._window[update_id]
            self._offset = update_id + 1

    async def _pause(self, pause_s: float) -> None:
        if running := self._running():
            await asyncio.wait(running, timeout=pause_s)

    async def _finish(self) -> None:
        if running := self._running():
            await asyncio.wait(running, timeout=GRACE_S)
        for task in self._running():
            task.cancel()
        if running := self._running():
            await asyncio.wait(running)
        self._advance()
        if self._offset != self._confirmed:
            with suppress(AiogramError):  # then they come again, and are known as handled
                await self._call(0, 1, _CONFIRMED_WITHIN_S)

    def _running(self) -> list[Task]:
        return [begun.task for begun in self._window.values() if not begun.task.done()]
