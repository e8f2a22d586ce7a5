"""Asking for a username: what onboarding and rename have in common. No scene of its own."""

from typing import cast

from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message, User

from clicker.bot import keyboards, questions
from clicker.bot.callbacks import Idea, Use
from clicker.bot.filters import is_text
from clicker.bot.game import Game
from clicker.bot.names import SceneName
from clicker.bot.screens import Screen
from clicker.bot.showing import Event, change_buttons, remove, send, strip
from clicker.errors import BadUsername, UsernameTaken
from clicker.players.rules import Player

ASKED = "asked"
"""In the conversation's data: the message_id of the newest suggestions."""
OFFERED = "offered"
"""In the conversation's data: the usernames on its buttons."""
PROMPT = "prompt"
"""In the conversation's data: the message_id of the message that opened the reply field."""


class Naming(Scene):
    """Takes a username from text or button, explains every refusal, and asks again."""

    @property
    def game(self) -> Game:
        return cast(Game, self.wizard.data["game"])

    @property
    def user(self) -> User:
        return cast(User, self.wizard.data["user"])

    @property
    def present(self) -> str:
        """The username until now; empty for a newcomer."""
        player: Player | None = self.wizard.data.get("player")
        return player.username if player else ""

    async def done(self, event: Event, username: str) -> None:
        """Where to go with the new username."""
        raise NotImplementedError

    def question(self, ideas: list[str]) -> Screen:
        """The scene's first words, with suggestions."""
        raise NotImplementedError

    @on.message(is_text)
    async def typed(self, event: Message) -> None:
        await self.choose(event, event.text or "")

    @on.callback_query(Use.filter())
    async def taken_up(self, event: CallbackQuery, callback_data: Use) -> None:
        await event.answer()
        await self.choose(event, callback_data.username)

    @on.callback_query(Idea.filter())
    async def another_idea(self, event: CallbackQuery) -> None:
        """Other suggestions under the message that was pressed."""
        await event.answer()
        ideas = await self._ideas(besides=await self.wizard.get_value(OFFERED, []))
        await change_buttons(event, keyboards.usernames(ideas, self.present))

    @on.message()
    async def not_a_text(self, event: Message) -> None:
        await self.ask_again(event, questions.text_expected())

    @on.callback_query()
    async def older_button(self, event: CallbackQuery) -> None:
        await event.answer(questions.older_button())
        await self.ask_again(event)

    async def choose(self, event: Event, raw: str) -> None:
        """Takes the username, or says why not and asks again."""
        try:
            username = await self.game.choose_username(self.user, raw)
        except (BadUsername, UsernameTaken) as refusal:
            await self.ask_again(event, f"🤔 {refusal.message}")
        else:
            await self.done(event, username)

    async def open_question(self, event: Event) -> None:
        """Two messages, because buttons and a reply field can't share one."""
        await self.put_away(event)
        ideas = await self._ideas()
        asked = await send(event, self.question(ideas))
        prompt = await send(event, questions.type_your_own())
        await self.wizard.update_data({ASKED: asked, PROMPT: prompt})

    async def ask_again(self, event: Event, said: str = "") -> None:
        """Sends suggestions once more, with `said` above them."""
        ideas = await self._ideas()
        asked = await send(event, questions.ask_again(said, ideas, self.present))
        await self.wizard.update_data({ASKED: asked})

    async def go_home(self, notice: str) -> None:
        """Shows the main message: in place after a button, as a new one after a text."""
        await self.wizard.manager.enter(SceneName.MAIN, notice=notice)

    @on.message.exit()
    @on.callback_query.exit()
    async def put_away(self, event: Event) -> None:
        """Whatever leads out, no buttons are left that would be stale, and no reply field that nobody waits for."""
        data = await self.wizard.get_data()
        pressed = event.message.message_id if isinstance(event, CallbackQuery) and event.message else 0
        if (asked := data.get(ASKED)) and asked != pressed:
            await strip(event, asked)
        if (prompt := data.get(PROMPT)) and not await is_text(event):
            await remove(event, prompt)
        await self.wizard.update_data({ASKED: 0, PROMPT: 0})

    async def _ideas(self, besides: list[str] | None = None) -> list[str]:
        ideas = await self.game.ideas(self.user, besides or [])
        await self.wizard.update_data({OFFERED: ideas})
        return ideas
