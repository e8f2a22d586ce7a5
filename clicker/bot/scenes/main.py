"""The main scene: my numbers, the board, the way into the game. Where every other scene leads back to."""

from dataclasses import replace

from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message, User

from clicker.bot import questions, screens
from clicker.bot.callbacks import Use
from clicker.bot.game import Game, Glance
from clicker.bot.names import SceneName, ScreenName
from clicker.bot.showing import Event, send, show
from clicker.bot.texts import paragraphs
from clicker.players.rules import Player

LIVE = "live"
"""In the conversation's data: the message_id of the newest main message."""


async def _is_mine(_event: CallbackQuery, callback_data: Use, player: Player | None = None) -> bool:
    return player is not None and callback_data.username == player.username


class Main(Scene, state=SceneName.MAIN):
    """Shows one screen at a time; its buttons (see `commands.py`) change the message they hang under."""

    @on.message.enter()
    @on.callback_query.enter()
    async def arrive(
        self,
        event: Event,
        game: Game,
        user: User,
        state: FSMContext,
        screen: ScreenName = ScreenName.WELCOME,
        notice: str = "",
        glance: Glance | None = None,
    ) -> None:
        """Shows `screen`, with `notice` above it: in place after a button, as a new message otherwise."""
        glance = glance or await game.glance(user)
        shown = screens.SCREENS[screen](glance.player, glance.standing, glance.board, game.play_url)
        live = await show(event, replace(shown, text=paragraphs(notice, shown.text)))
        await state.update_data({LIVE: live})

    @on.callback_query(Use.filter(), _is_mine)
    async def pressed_twice(self, event: CallbackQuery, player: Player) -> None:
        """The second tap of a double tap on a suggestion is no reason for a word about old messages."""
        await event.answer(questions.already_yours(player.username))

    @on.message(Command("cancel", ignore_case=True))
    async def nothing_to_cancel(self, event: Message, game: Game) -> None:
        await send(event, screens.nothing_to_cancel(game.play_url))

    @on.message()
    async def anything_else(self, event: Message, game: Game) -> None:
        await send(event, screens.hint(game.play_url))
