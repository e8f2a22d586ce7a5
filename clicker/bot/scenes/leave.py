"""Leave: delete all my data, after one question."""

from aiogram.filters import Command
from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message, User

from clicker.bot import questions
from clicker.bot.callbacks import Forget, Keep
from clicker.bot.game import Game
from clicker.bot.live import Live
from clicker.bot.names import SceneName
from clicker.bot.screens import Screen
from clicker.bot.showing import Event, send, show
from clicker.players.rules import Player


class Leave(Scene, state=SceneName.LEAVE):
    """Only the red button deletes; every other way out changes nothing."""

    @on.message.enter()
    @on.callback_query.enter()
    async def ask(self, event: Event, player: Player | None = None) -> None:
        await show(event, _question(player))

    @on.callback_query(Forget.filter())
    async def forget(self, event: CallbackQuery, game: Game, live: Live, user: User) -> None:
        """Deletes, then forgets the conversation as well: what follows is a beginning."""
        await game.forget(user)
        await live.leave(user.id)
        await event.answer(questions.left_alert(), show_alert=True)
        await self.wizard.clear_data()
        await self.wizard.exit()
        await show(event, questions.left())

    @on.callback_query(Keep.filter())
    async def keep(self, event: CallbackQuery, player: Player | None = None) -> None:
        await event.answer()
        await self._back(player)

    @on.message(Command("cancel", ignore_case=True))
    async def cancel(self, event: Message, player: Player | None = None) -> None:
        await self._back(player)

    @on.message()
    async def anything_else(self, event: Message, player: Player | None = None) -> None:
        """Asks again; somebody without a username, whom no command reaches here, goes on to get one."""
        if not (player and player.username):
            await self._back(player)
            return
        question = _question(player)
        await send(event, Screen(questions.choose_a_button(), question.keyboard))

    @on.callback_query()
    async def older_button(self, event: CallbackQuery, player: Player | None = None) -> None:
        await event.answer(questions.older_button())
        await show(event, _question(player))

    async def _back(self, player: Player | None) -> None:
        named = player and player.username
        await self.wizard.manager.enter(SceneName.MAIN if named else SceneName.ONBOARDING)


def _question(player: Player | None) -> Screen:
    return questions.ask_leave(player.username if player else "", player.clicks if player else 0)
