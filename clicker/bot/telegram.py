"""The way to Telegram, or to any server that speaks the Bot API: client, patience, and failures in words."""

import asyncio
import logging
from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)

from clicker.settings import Settings

log = logging.getLogger("clicker.bot")

TIMEOUT_S = 10
ATTEMPTS = 3
LONGEST_WAIT_S = 8.0
"""What a player may be made to wait; beyond it the answer is given up and logged."""
CONNECTIONS = 200
_PASSING = (TelegramNetworkError, TelegramServerError)
_PATIENT = (SendMessage, EditMessageText, EditMessageReplyMarkup, DeleteMessage, AnswerCallbackQuery)


def connect(settings: Settings) -> Bot:
    """The client. Connects when first used. Raises TokenValidationError if the token does not look like one."""
    server = TelegramAPIServer.from_base(settings.api_base) if settings.api_base else PRODUCTION
    session = AiohttpSession(api=server, timeout=TIMEOUT_S, limit=CONNECTIONS)
    session.middleware(Patience())
    return Bot(settings.bot_token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


class Patience(BaseRequestMiddleware):
    """Tries an answer to a player again: after `retry_after`, and after a failure of the network.

    After a lost answer of Telegram a message may so be sent twice; the other choice is silence.
    """

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        attempts = ATTEMPTS if isinstance(method, _PATIENT) else 1
        for attempt in range(1, attempts + 1):
            try:
                return await make_request(bot, method)
            except (TelegramRetryAfter, *_PASSING) as error:
                wait_s = getattr(error, "retry_after", 0.5 * attempt)
                if attempt == attempts or wait_s > LONGEST_WAIT_S:
                    raise
                log.warning("%s waits %g s: %s", method.__api_method__, wait_s, described(error, bot.token))
                await asyncio.sleep(wait_s)
        raise AssertionError("unreachable")


def described(error: Exception, token: str) -> str:
    """One line that says what is wrong, and never the token."""
    line = " ".join(_sentence(error).split())
    return line.replace(token, "<token>")


def _sentence(error: Exception) -> str:
    match error:
        case TelegramUnauthorizedError():
            return "Telegram does not accept BOT_TOKEN"
        case TelegramNotFound():
            return f"Telegram does not know this, check BOT_TOKEN and TELEGRAM_API_BASE ({error.message})"
        case TelegramConflictError():
            return f"somebody else takes this bot's updates ({error.message})"
        case TelegramRetryAfter():
            return f"Telegram wants no calls for {error.retry_after} s"
        case TelegramNetworkError():
            return f"Telegram can't be reached ({error.message})"
        case TelegramServerError():
            return f"Telegram has trouble of its own ({error.message})"
        case _:
            return f"{type(error).__name__}: {error}"
