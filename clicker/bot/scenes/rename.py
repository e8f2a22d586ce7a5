"""Rename: a player takes another username, or keeps the present one."""

from aiogram.filters import Command
from aiogram.fsm.scene import on
from aiogram.types import CallbackQuery, Message

from clicker.bot import questions
from clicker.bot.callbacks import Keep
from clicker.bot.names import SceneName
from clicker.bot.scenes.naming import Naming
from clicker.bot.screens import Screen
from clicker.bot.showing import Event


class Rename(Naming, state=SceneName.RENAME):
    """Any command, /cancel and a button lead out of it; the username stays until a new one is really free."""

    @on.message.enter()
    @on.callback_query.enter()
    async def ask(self, event: Event, wanted: str = "") -> None:
        """Asks, or takes `wanted`, what stood behind /name, at its word."""
        if wanted:
            await self.choose(event, wanted)
        else:
            await self.open_question(event)

    @on.message(Command("cancel", ignore_case=True))
    async def cancel(self, event: Message) -> None:
        await self.go_home(questions.name_kept(self.present))

    @on.callback_query(Keep.filter())
    async def keep(self, event: CallbackQuery) -> None:
        await event.answer()
        await self.go_home(questions.name_kept(self.present))

    def question(self, ideas: list[str]) -> Screen:
        return questions.ask_rename(self.present, ideas)

    async def done(self, event: Event, username: str) -> None:
        await self.go_home(questions.name_changed(username))
