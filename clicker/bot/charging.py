"""What each call to Telegram counts for, and in which lane it goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aiogram.methods import TelegramMethod

from clicker.outbox.rules import Charge, Lane

_FREE = ("get", "answerCallbackQuery", "answerInlineQuery", "answerPreCheckoutQuery", "close", "logOut")
"""Telegram does not limit answers to queries (telegram-bot-api#648); what only reads is harmless."""
_FREE_EXACT = ("setWebhook", "deleteWebhook")
_CHORES = ("delete", "sendChatAction", "setMessageReaction")
_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.ANSWER)


@contextmanager
def going(lane: Lane) -> Iterator[None]:
    """Calls inside the block go in this lane."""
    token = _lane.set(lane)
    try:
        yield
    finally:
        _lane.reset(token)


def charge(method: TelegramMethod[Any]) -> Charge | None:
    """The charge of a call; None if it is not limited. An unknown kind of call counts as a message."""
    name = method.__api_method__
    if name.startswith(_FREE) or name in _FREE_EXACT:
        return None
    chat = getattr(method, "chat_id", None)
    lane = _lane.get()
    if name.startswith(_CHORES):
        lane, chat = Lane.CHORE, None  # counted for the bot only: it puts nothing into the chat
    return Charge(chat if isinstance(chat, int) else None, lane, edit=name.startswith("edit"))


def edited(method: TelegramMethod[Any]) -> int:
    """The message_id that a call edits; 0 for any other call."""
    return getattr(method, "message_id", 0) or 0 if method.__api_method__.startswith("edit") else 0
