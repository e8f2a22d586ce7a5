"""Where somebody speaks, who they are and what they send, as filters.

They are coroutines, and there is no magic `F` in the bot: aiogram sends every filter that is not one to a thread.
"""

from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject

from clicker.bot.names import SceneName
from clicker.players.rules import Player

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_AT_HOME = (SceneName.ONBOARDING, SceneName.LEAVE)
"""Scenes that know what to do with somebody without a username."""


async def in_private(_event: TelegramObject, event_chat: Chat | None = None) -> bool:
    """In the chat of one person with the bot."""
    return event_chat is not None and event_chat.type == ChatType.PRIVATE


async def in_group(_event: TelegramObject, event_chat: Chat | None = None) -> bool:
    return event_chat is not None and event_chat.type in GROUPS


async def has_username(_event: TelegramObject, player: Player | None = None) -> bool:
    """The player may play."""
    return bool(player and player.username)


async def is_newcomer(
    _event: TelegramObject, player: Player | None = None, raw_state: str | None = None
) -> bool:
    """The player has no username and has not been asked for one: also after their data was deleted."""
    return not (player and player.username) and raw_state not in _AT_HOME


async def is_command(event: TelegramObject) -> bool:
    """A text that begins like one, known or not."""
    return isinstance(event, Message) and (event.text or "").startswith("/")


async def is_text(event: Message | CallbackQuery) -> bool:
    """An answer to a question, as opposed to commands, stickers and buttons."""
    return isinstance(event, Message) and bool(event.text) and not await is_command(event)
