"""The bot's one map from errors to what a player is told. Whatever happens, there is a sentence and a way forward."""

import logging

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.types import CallbackQuery, ErrorEvent, Message

from clicker.bot import keyboards
from clicker.bot.outlet import UNSENT
from clicker.bot.screens import Screen
from clicker.bot.showing import send
from clicker.bot.telegram import PASSING, described
from clicker.errors import ClickerError
from clicker.i18n import gettext, language
from clicker.stores import postgres, redis

log = logging.getLogger("clicker.bot")

_STORES_AWAY = (redis.Error, *postgres.Errors, TimeoutError)
_HARMLESS = ("message is not modified", "query is too old")
_LEFT = ("chat not found", "user is deactivated", "bot was blocked")
_UNHEARD = (TelegramForbiddenError, TelegramRetryAfter, *PASSING)
"""Nothing more can be said to this player now."""


async def on_error(event: ErrorEvent, bot: Bot) -> bool:
    """Logs the error as what it is and answers the player, if Telegram still takes answers. Always True: handled."""
    update, error = event.update, event.exception
    if _logged_only(update.update_id, error, bot.token):
        return True
    asked = update.callback_query or update.message
    if asked and asked.from_user:
        with language(asked.from_user.language_code):
            await _apologise(asked, apology(update.update_id, error), bot.token)
    return True


def apology(update_id: int, error: Exception) -> Screen:
    """What the player is told; logs what the operator has to know."""
    if isinstance(error, ClickerError):
        return Screen(error.message, keyboards.try_again())
    if isinstance(error, _STORES_AWAY):
        log.warning("update %s: a store is away: %s", update_id, type(error).__name__)
        text = gettext("The game is catching its breath. Your clicks are safe, please try again in a moment.")
        return Screen("😮‍💨 " + text, keyboards.try_again())
    log.error("update %s failed", update_id, exc_info=error)
    return Screen("🛠 " + gettext("Something broke on our side. Your clicks are safe."), keyboards.try_again())


def _logged_only(update_id: int, error: Exception, token: str) -> bool:
    if isinstance(error, UNSENT):
        log.warning("update %s is not answered: too much waits for Telegram", update_id)
        return True
    if not isinstance(error, TelegramAPIError):
        return False
    if isinstance(error, TelegramBadRequest) and any(text in error.message for text in _HARMLESS):
        return True
    if isinstance(error, TelegramForbiddenError) or any(text in error.message for text in _LEFT):
        log.info("update %s: the player is gone: %s", update_id, error.message)
        return True
    if isinstance(error, _UNHEARD):
        log.warning("update %s is not answered: %s", update_id, described(error, token))
        return True
    return False


async def _apologise(asked: Message | CallbackQuery, screen: Screen, token: str) -> None:
    try:
        if isinstance(asked, CallbackQuery):
            await asked.answer()
        await send(asked, screen)
    except (TelegramAPIError, *UNSENT) as error:
        log.warning("no apology: %s", described(error, token))
