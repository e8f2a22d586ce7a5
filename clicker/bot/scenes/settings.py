"""Settings: username, language, privacy, deletion."""

from aiogram.filters import Command
from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message, User

from clicker.bot import questions, screens
from clicker.bot.game import Game
from clicker.bot.names import SceneName, ScreenName
from clicker.bot.showing import Event, send, show


class Settings(Scene, state=SceneName.SETTINGS):
    """Its buttons lead on; a command or Back leads out."""

    @on.message.enter()
    @on.callback_query.enter()
    async def arrive(self, event: Event, game: Game, user: User) -> None:
        glance = await game.glance(user)
        render = screens.SCREENS[ScreenName.SETTINGS]
        await show(event, render(glance.player, glance.standing, glance.board, game.links))

    @on.message(Command("cancel", ignore_case=True))
    async def cancel(self, event: Message) -> None:
        await self.wizard.manager.enter(SceneName.MAIN)

    @on.message()
    async def anything_else(self, event: Message) -> None:
        await send(event, screens.settings_hint())

    @on.callback_query()
    async def older_button(self, event: CallbackQuery, game: Game, user: User) -> None:
        await event.answer(questions.older_button())
        await self.arrive(event, game, user)
