"""In groups the bot is brief: /start says where to play, /top shows the board. It asks nobody for a name there."""

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from clicker.bot import keyboards
from clicker.bot.filters import in_group
from clicker.bot.game import Game
from clicker.bot.screens import Screen
from clicker.bot.showing import send
from clicker.bot.texts import board_lines
from clicker.i18n import gettext


def build() -> Router:
    router = Router(name="groups")
    router.message.filter(in_group)
    router.callback_query.filter(in_group)
    router.message.register(start, Command("start", ignore_case=True))
    router.message.register(top, Command("top", ignore_case=True))
    router.callback_query.register(pressed)
    return router


async def start(event: Message, bot: Bot) -> None:
    said = gettext("One button, and everyone in the world taps it. Come and play!")
    await send(event, await _with_link(f"👋 {said}", bot))


async def top(event: Message, bot: Bot, game: Game) -> None:
    await send(event, await _with_link(board_lines(await game.board()), bot))


async def pressed(event: CallbackQuery) -> None:
    """No button of ours in a group asks for an answer; one that does is from elsewhere or from long ago."""
    await event.answer()


async def _with_link(text: str, bot: Bot) -> Screen:
    address = f"https://t.me/{(await bot.me()).username}?start=group"
    return Screen(text, keyboards.link(gettext("Play"), address))
