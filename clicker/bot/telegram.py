"""The way to Telegram, or to any server that speaks the Bot API: client, patience, and failures in words."""

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from clicker.settings import Settings

PASSING = (TelegramNetworkError, TelegramServerError)
"""Failures of the way or of the server: the same call may work the next moment."""
AWAY = (*PASSING, TelegramUnauthorizedError, TelegramNotFound, ClientDecodeError)
"""Failures that have nothing to do with the call. The outlet tells the log of them, once for all calls."""
TIMEOUT_S = 10
CONNECTIONS = 200


def connect(settings: Settings, outlet: BaseRequestMiddleware) -> Bot:
    """The client; all it sends goes through the outlet. Connects when first used.

    Raises TokenValidationError if the token does not look like one.
    """
    server = TelegramAPIServer.from_base(settings.api_base) if settings.api_base else PRODUCTION
    session = AiohttpSession(api=server, timeout=TIMEOUT_S, limit=CONNECTIONS)
    session.middleware(outlet)
    return Bot(settings.bot_token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


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
