"""The one way out: a middleware of the client, through which every call to Telegram goes, so that none is forgotten.

It waits for the call's turn, sends, and deals with what Telegram says: a 429 stops all processes, a failure that
passes is tried again, a chat or a message that is gone is noted.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import SystemRandom
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.methods import AnswerCallbackQuery, AnswerInlineQuery, TelegramMethod

from clicker.bot.backoff import Trouble
from clicker.bot.breaker import Breaker, Cut
from clicker.bot.charging import charge, edited
from clicker.bot.telegram import AWAY, PASSING, described
from clicker.bot.turns import Late, Turns
from clicker.outbox.lanes import Full
from clicker.outbox.rules import Charge, Lane, chat_is_gone, retry_s

log = logging.getLogger("clicker.bot")

ATTEMPTS = 3
LONGEST_PAUSE_S = 30.0
"""What an answer waits for when Telegram says how long; beyond it the answer is given up and logged."""
EDIT_S = 1.0
"""How long a handler waits for its edit. After that the edit follows by itself and newer ones replace it, or
a player who presses faster than Telegram lets us edit would wait for every press."""
_QUERIES = (AnswerCallbackQuery, AnswerInlineQuery)
Next = NextRequestMiddlewareType[Any]
Noted = Callable[[int], Awaitable[None]]
Left = Callable[[int, int], Awaitable[None]]
Paused = Callable[[float], Awaitable[None]]
_random = SystemRandom()


class Outlet(BaseRequestMiddleware):
    """`pause(seconds)` stops all processes; `lost(chat)` notes that a chat takes nothing any more.

    `left(chat, message_id)` is told before a handler changes a message: if that was live, it is something else now.
    """

    def __init__(self, turns: Turns, pause: Paused, lost: Noted, left: Left) -> None:
        self.turns = turns
        self._pause, self._lost, self._left = pause, lost, left
        self._following: set[asyncio.Task[Any]] = set()
        self._trouble = Trouble("Telegram answers again")
        self.breaker = Breaker()

    async def __call__(self, make_request: Next, bot: Bot, method: TelegramMethod[Any]) -> Any:
        async def request(bot: Bot, method: TelegramMethod[Any]) -> Any:
            return await self._watched(make_request, bot, method)

        return await self._called(request, bot, method)

    async def _watched(self, make_request: Next, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """Makes the call. All calls together leave one line in the log when Telegram goes away."""
        try:
            answer = await make_request(bot, method)
        except AWAY as error:
            self._trouble.tell(type(error).__name__, described(error, bot.token))
            self.breaker.failed()
            raise
        except TelegramAPIError:
            self._over()
            raise
        self._over()
        return answer

    def _over(self) -> None:
        self._trouble.over()
        self.breaker.answered()

    async def _called(self, make_request: Next, bot: Bot, method: TelegramMethod[Any]) -> Any:
        charged = charge(method)
        if charged is None:
            return await self._unlimited(make_request, bot, method)
        delivery = self._delivered(make_request, bot, method, charged)
        if charged.lane is Lane.CHORE:
            self._follow(delivery, bot)
            return True
        if charged.edit and charged.lane is Lane.ANSWER:
            if charged.chat is not None:
                await self._left(charged.chat, edited(method))
            return await self._for_a_moment(delivery, bot)
        return await delivery

    async def close(self, grace_s: float = 1.0) -> None:
        """Lets what is on its way arrive."""
        if self._following:
            await asyncio.wait(self._following, timeout=grace_s)
        for task in self._following:
            task.cancel()
        await self.turns.close()

    async def _unlimited(self, make_request: Next, bot: Bot, method: TelegramMethod[Any]) -> Any:
        attempts = ATTEMPTS if isinstance(method, _QUERIES) else 1
        for attempt in range(1, attempts + 1):
            try:
                return await make_request(bot, method)
            except PASSING as error:
                if attempt == attempts:
                    raise
                await self._back_off(attempt, bot, method, error)
        raise AssertionError("unreachable")

    async def _delivered(
        self, make_request: Next, bot: Bot, method: TelegramMethod[Any], charged: Charge
    ) -> Any:
        """The answer to the call; True for an edit that a newer one made superfluous."""
        if charged.lane is not Lane.ANSWER:
            self.breaker.check()
        attempt = 0
        while True:
            ticket = await self.turns.turn(charged, edited(method))
            if ticket is None:
                return True
            try:
                answer = await make_request(bot, method)
            except TelegramRetryAfter as error:
                await self._refused(error, bot, method, charged)
            except PASSING as error:
                attempt += 1
                if attempt == ATTEMPTS or charged.lane is not Lane.ANSWER:
                    raise
                await self._back_off(attempt, bot, method, error)
            except (TelegramForbiddenError, TelegramBadRequest) as error:
                await self._note(error, charged)
                raise
            else:
                self.turns.counted["edited" if charged.edit else "sent"] += 1
                return answer
            finally:
                self.turns.done(ticket)

    async def _for_a_moment(self, delivery: Awaitable[Any], bot: Bot) -> Any:
        task = self._follow(delivery, bot)
        await asyncio.wait({task}, timeout=EDIT_S)
        return await task if task.done() else True

    def _follow(self, delivery: Awaitable[Any], bot: Bot) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(delivery)
        self._following.add(task)
        task.add_done_callback(lambda done: self._followed(done, bot))
        return task

    def _followed(self, task: asyncio.Task[Any], bot: Bot) -> None:
        self._following.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            log.debug("not followed up: %s", described(error, bot.token))

    async def _refused(
        self, error: TelegramRetryAfter, bot: Bot, method: TelegramMethod[Any], charged: Charge
    ) -> None:
        self.turns.counted["refused"] += 1
        log.warning("%s: %s", method.__api_method__, described(error, bot.token))
        await self._pause(error.retry_after)
        if error.retry_after > LONGEST_PAUSE_S or charged.lane is not Lane.ANSWER:
            raise error

    async def _note(self, error: TelegramAPIError, charged: Charge) -> None:
        if charged.chat is not None and chat_is_gone(error.message):
            self.turns.counted["gone"] += 1
            await self._lost(charged.chat)

    async def _back_off(
        self, attempt: int, bot: Bot, method: TelegramMethod[Any], error: TelegramAPIError
    ) -> None:
        self.turns.counted["retried"] += 1
        pause_s = retry_s(attempt, _random)
        log.debug("%s again in %.1f s: %s", method.__api_method__, pause_s, described(error, bot.token))
        await asyncio.sleep(pause_s)


UNSENT = (Full, Late, Cut)
"""What may keep a message from being sent on our own side."""
