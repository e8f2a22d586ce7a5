"""Players whom an operator has blocked: they are told so, and may still read about their data and delete it."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message, TelegramObject

from clicker.bot import keyboards
from clicker.bot.filters import is_command
from clicker.bot.names import SceneName
from clicker.bot.screens import Screen
from clicker.bot.showing import send
from clicker.errors import Blocked
from clicker.players.rules import Player

_STILL_THEIRS = ("/privacy", "/delete", "/help")


def build() -> Router:
    """Comes first."""
    router = Router(name="blocked")
    router.message.register(say, is_blocked)
    router.callback_query.register(say_at_button, is_blocked)
    return router


async def is_blocked(
    event: TelegramObject, player: Player | None = None, raw_state: str | None = None
) -> bool:
    """The player is blocked, and this is not about their data."""
    if not (player and player.blocked) or raw_state == SceneName.LEAVE:
        return False
    words = (event.text or "").lower().split() if isinstance(event, Message) else []
    return not (await is_command(event) and words and words[0].partition("@")[0] in _STILL_THEIRS)


async def say(event: Message) -> None:
    await send(event, Screen("🚫 " + Blocked().message, keyboards.try_again()))


async def say_at_button(event: CallbackQuery) -> None:
    await event.answer(Blocked().message, show_alert=True)
