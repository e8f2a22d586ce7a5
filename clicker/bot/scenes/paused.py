"""Paused: the player's session went idle. One button brings it back, and so does playing on."""

from aiogram.filters import Command
from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message

from clicker.bot import questions, screens
from clicker.bot.game import Game
from clicker.bot.names import SceneName
from clicker.bot.showing import Event, send, show


class Paused(Scene, state=SceneName.PAUSED):
    """Entered by the live message when it turns (`renewal.py`); Resume is in `commands.py`, it works everywhere."""

    @on.message.enter()
    @on.callback_query.enter()
    async def arrive(self, event: Event, game: Game) -> None:
        await show(event, screens.paused_hint(game.links))

    @on.message(Command("cancel", ignore_case=True))
    async def cancel(self, event: Message) -> None:
        await self.wizard.manager.enter(SceneName.MAIN)

    @on.message()
    async def anything_else(self, event: Message, game: Game) -> None:
        await send(event, screens.paused_hint(game.links))

    @on.callback_query()
    async def older_button(self, event: CallbackQuery, game: Game) -> None:
        await event.answer(questions.older_button())
        await show(event, screens.paused_hint(game.links))
