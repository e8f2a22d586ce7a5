"""Keeps live messages up to date: claims those whose turn it is, and edits what has news.

Every bot process does so. A message belongs for LEASE_S to the process that claimed it; one that dies leaves its
claims to the others.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.fsm.storage.base import StorageKey

from clicker.bot import screens
from clicker.bot.bridge import Bridge
from clicker.bot.charging import going
from clicker.bot.game import Game, Glance
from clicker.bot.live import Live, content, digest
from clicker.bot.names import SceneName
from clicker.bot.outlet import UNSENT
from clicker.bot.screens import Screen
from clicker.bot.store import BotStore
from clicker.bot.telegram import AWAY, described
from clicker.clock import Clock
from clicker.i18n import language
from clicker.live.rules import Phase, Row, celebrated, turned
from clicker.live.service import LiveService
from clicker.outbox.rules import Lane, message_is_gone
from clicker.stores import postgres, redis
from clicker.telemetry import trail

log = logging.getLogger("clicker.bot")

SLOTS = 12
"""Renewals of each kind under way at once: more than the budget needs, few enough to be fresh when they are sent."""
LOOK_S = 0.25
TROUBLE_S = 1.0
GRACE_S = 1.0
EFFECT = "5046509860389126442"
"""Telegram's message effect 🎉; there is no list of them in the Bot API."""
_STORES_AWAY = (redis.Error, *postgres.Errors, TimeoutError)


class Renewal:
    """`run` renews until it is cancelled. `clock` gives Unix seconds."""

    def __init__(
        self, bot: Bot, game: Game, live: Live, service: LiveService, store: BotStore, clock: Clock
    ) -> None:
        self._bot, self._game, self._live = bot, game, live
        self._service, self._store, self._clock = service, store, clock
        self._bridge = Bridge(threads=4)  # its own, so that thousands of chats hold up no answer
        self._under_way: dict[Lane, set[asyncio.Task[None]]] = {Lane.LIVE: set(), Lane.ASKED: set()}

    async def run(self) -> None:
        try:
            while True:
                await self._rest(await self._look())
        finally:
            await self._finish()

    async def round(self) -> None:
        """One look, and what it began brought to its end."""
        await self._look()
        while tasks := set().union(*self._under_way.values()):
            await asyncio.wait(tasks)

    async def _finish(self) -> None:
        """Lets what is under way arrive; what takes longer is left to its lease."""
        if tasks := set().union(*self._under_way.values()):
            _, late = await asyncio.wait(tasks, timeout=GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._bridge.close()

    async def _look(self) -> float:
        """Begins what there is to renew. Returns for how many seconds to rest."""
        self._live.asked.clear()
        room = {lane: SLOTS - len(tasks) for lane, tasks in self._under_way.items()}
        try:
            claimed = await self._bridge(self._service.claim, room[Lane.LIVE], room[Lane.ASKED])
            resting = await self._bridge(self._service.rest, room[Lane.ASKED] - len(claimed.asked))
        except _STORES_AWAY as error:
            log.debug("live messages wait: %s", type(error).__name__)
            return TROUBLE_S
        for lane, rows in ((Lane.LIVE, claimed.turn), (Lane.ASKED, claimed.asked)):
            for row in rows:
                carried = row.carried if lane is Lane.ASKED else {}
                work = self._following(carried, self._renew(row, lane))
                self._begin(row.chat, row.message_id, work, lane, full=len(rows) == room[lane])
        for chat, message_id in resting:
            self._begin(chat, message_id, self._lay_to_rest(chat, message_id), Lane.ASKED, full=False)
        return claimed.next_s if 0 < claimed.next_s < LOOK_S else LOOK_S

    def _begin(
        self, chat: int, message_id: int, work: Coroutine[Any, Any, None], lane: Lane, full: bool
    ) -> None:
        task = asyncio.create_task(self._safely(chat, message_id, work))
        self._under_way[lane].add(task)
        task.add_done_callback(self._under_way[lane].discard)
        if full:  # there is more where these came from
            task.add_done_callback(lambda _: self._live.asked.set())

    async def _following(self, carried: Mapping[str, str], work: Coroutine[Any, Any, None]) -> None:
        with trail.following("renew", carried, otherwise=""):
            await work

    async def _rest(self, pause_s: float) -> None:
        try:
            await asyncio.wait_for(self._live.asked.wait(), pause_s)
        except TimeoutError:
            return

    async def _safely(self, chat: int, message_id: int, work: Coroutine[Any, Any, None]) -> None:
        """What goes wrong here is tried again when the lease has ended, or as soon as somebody asks."""
        try:
            await work
            return
        except UNSENT as error:
            log.debug("live message of %s is late: %s", chat, type(error).__name__)
        except _STORES_AWAY as error:
            log.debug("live message of %s waits: %s", chat, type(error).__name__)
        except TelegramAPIError as error:
            await self._failed(chat, message_id, error)
        except Exception:
            log.exception("live message of %s failed", chat)
        with suppress(*_STORES_AWAY):
            await self._bridge(self._service.failed, chat)

    async def _failed(self, chat: int, message_id: int, error: TelegramAPIError) -> None:
        away = isinstance(error, AWAY)  # of which the outlet tells, once for all
        said = described(error, self._bot.token)
        log.log(logging.DEBUG if away else logging.INFO, "live message of %s: %s", chat, said)
        if isinstance(error, TelegramForbiddenError) or message_is_gone(error.message):
            await self._bridge(self._service.stop, chat, message_id)

    async def _renew(self, row: Row, lane: Lane) -> None:
        begun = self._clock()
        glance = await self._game.look(row.chat)
        if glance is None:
            await self._bridge(self._service.stop, row.chat, row.message_id)
            return
        with language(glance.player.language):
            if row.lively(self._clock()) or glance.presence == "active":
                await self._bring_up_to_date(row, lane, glance, begun)
            else:
                await self._put_to_sleep(row, content(glance, Phase.IDLE, self._game.links))

    async def _bring_up_to_date(self, row: Row, lane: Lane, glance: Glance, begun: float) -> None:
        phase = turned(row.phase, glance.presence)
        screen = content(glance, phase, self._game.links)
        if glance.presence == "active":
            await self._bridge(self._service.see, row.chat)
        if digest(screen) == row.digest and lane is Lane.LIVE:
            await self._bridge(self._service.unchanged, row, phase)
            return
        await self._turn_conversation(row, phase)
        if not await self._edited(row, lane, screens.at(screen, self._now())):
            return
        clicks = glance.player.clicks
        if await self._bridge(self._service.shown, row, begun, digest(screen), phase, clicks):
            await self._celebrate(row.chat, celebrated(row.clicks, clicks))

    async def _put_to_sleep(self, row: Row, screen: Screen) -> None:
        if await self._edited(row, Lane.LIVE, screens.asleep(screen.text, self._game.links, self._now())):
            await self._bridge(self._service.stop, row.chat, row.message_id)

    async def _lay_to_rest(self, chat: int, message_id: int) -> None:
        """A newer message is the live one. This one says that it stands still, unless it shows something else."""
        glance = await self._game.look(chat)
        still_there = await self._bridge(self._service.must_rest, chat, message_id)
        if glance and still_there:
            links = self._game.links
            with language(glance.player.language):
                screen = screens.asleep(content(glance, Phase.IDLE, links).text, links, self._now())
                await self._edit(chat, message_id, Lane.ASKED, screen)
        await self._bridge(self._service.rested, chat, message_id)

    async def _edited(self, row: Row, lane: Lane, screen: Screen) -> bool:
        """False if the message is not the live one any more."""
        if not await self._bridge(self._service.current, row):
            return False
        await self._edit(row.chat, row.message_id, lane, screen)
        return True

    async def _edit(self, chat: int, message_id: int, lane: Lane, screen: Screen) -> None:
        try:
            with going(lane):
                await self._bot.edit_message_text(
                    screen.text, chat_id=chat, message_id=message_id, reply_markup=screen.buttons
                )
        except TelegramBadRequest as error:
            if "message is not modified" not in error.message:
                raise

    async def _turn_conversation(self, row: Row, phase: Phase) -> None:
        """Into the paused scene and out of it, if that is where the player is left."""
        if (phase is Phase.PAUSED) == (row.phase is Phase.PAUSED):
            return
        here, there = (SceneName.MAIN, SceneName.PAUSED)
        if phase is not Phase.PAUSED:
            here, there = there, here
        key = StorageKey(bot_id=self._bot.id, chat_id=row.chat, user_id=row.chat)
        async with self._store.isolation.lock(key):
            if await self._store.storage.get_state(key) == here:
                await self._store.storage.set_state(key, there)

    async def _celebrate(self, chat: int, milestone: int) -> None:
        if not milestone:
            return
        screen = screens.milestone(milestone, self._game.links.of(chat))
        with going(Lane.ASKED):
            try:
                await self._bot.send_message(
                    chat, screen.text, reply_markup=screen.keyboard, message_effect_id=EFFECT
                )
            except TelegramBadRequest:  # effects come and go
                await self._bot.send_message(chat, screen.text, reply_markup=screen.keyboard)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
