"""Onboarding: a new player gets a username, by typing, by a suggestion, or without choosing at all."""

from aiogram.filters import Command
from aiogram.fsm.scene import on
from aiogram.types import CallbackQuery, Message

from clicker.bot import documents, questions
from clicker.bot.callbacks import Show, Surprise
from clicker.bot.filters import has_username, is_command
from clicker.bot.names import SceneName
from clicker.bot.scenes.naming import Naming
from clicker.bot.screens import Screen
from clicker.bot.showing import Event
from clicker.players.rules import clean_name

_DOCUMENTS = {"help": documents.help, "privacy": documents.privacy}


class Onboarding(Naming, state=SceneName.ONBOARDING):
    """Nobody is stuck here: /cancel and a button give a generated username."""

    @on.message.enter()
    @on.callback_query.enter()
    async def ask(self, event: Event) -> None:
        await self.game.greet(self.user)
        if document := _wanted(event):
            await self.ask_again(event, document)
        else:
            await self.open_question(event)

    @on.message(has_username)
    @on.callback_query(has_username)
    async def named_elsewhere(self, event: Event) -> None:
        """The username was chosen in the Mini App meanwhile."""
        if isinstance(event, CallbackQuery):
            await event.answer()
        await self.done(event, self.present)

    @on.message(Command("cancel", ignore_case=True))
    async def cancel(self, event: Message) -> None:
        await self.go_home(questions.name_given(await self.game.assign_username(self.user)))

    @on.callback_query(Surprise.filter())
    async def surprise(self, event: CallbackQuery) -> None:
        await event.answer()
        await self.go_home(questions.name_given(await self.game.assign_username(self.user)))

    @on.callback_query(Show.filter())
    async def try_again(self, event: CallbackQuery) -> None:
        """The way forward of an apology; also any button of a main message from before a deletion."""
        await event.answer()
        await self.open_question(event)

    @on.message(Command("start", ignore_case=True))
    async def start(self, event: Message) -> None:
        await self.open_question(event)

    @on.message(is_command)
    async def another_command(self, event: Message) -> None:
        """Help and privacy are for everyone; the rest needs a username first."""
        await self.ask_again(event, _wanted(event) or questions.first_a_username())

    def question(self, ideas: list[str]) -> Screen:
        return questions.ask_newcomer(clean_name(self.user.first_name), ideas)

    async def done(self, event: Event, username: str) -> None:
        await self.go_home(questions.name_chosen(username))


def _wanted(event: Event) -> str:
    """The text that /help or /privacy ask for; empty for anything else."""
    text = event.text if isinstance(event, Message) else None
    command = (text or "").split(maxsplit=1)[:1]
    read = _DOCUMENTS.get(command[0].lower().lstrip("/").partition("@")[0]) if command else None
    return read() if read else ""
