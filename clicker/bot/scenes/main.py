"""The main scene: my numbers, the board, the way into the game. Where every other scene leads back to."""

from dataclasses import replace
from datetime import UTC, datetime

from aiogram.filters import Command
from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message, User

from clicker.bot import questions, screens
from clicker.bot.callbacks import Use
from clicker.bot.game import Game, Glance
from clicker.bot.live import Live
from clicker.bot.names import SceneName, ScreenName
from clicker.bot.screens import Screen
from clicker.bot.showing import Event, send, show
from clicker.bot.texts import paragraphs
from clicker.players.rules import Player


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
        live: Live,
        screen: ScreenName = ScreenName.WELCOME,
        notice: str = "",
        glance: Glance | None = None,
    ) -> None:
        """Shows `screen`, with `notice` above it: in place after a button, as a new message otherwise."""
        glance = glance or await game.glance(user)
        links = game.links.of(user.id)
        shown = screens.SCREENS[screen](glance.player, glance.standing, glance.board, links)
        if screen is ScreenName.WELCOME:
            await self._come_alive(event, live, notice, shown, glance)
        else:
            await show(event, replace(shown, text=paragraphs(notice, shown.text)))

    async def _come_alive(self, event: Event, live: Live, notice: str, shown: Screen, glance: Glance) -> None:
        """Shows the main message; the one that was live before stands still from now on.

        A kill between the two lines leaves a message that is not live: it says of when it is, and its Refresh
        brings it to life. The update was not confirmed, so the player gets one that is.
        """
        now = datetime.now(UTC)
        message_id = await show(event, screens.at(replace(shown, text=paragraphs(notice, shown.text)), now))
        await live.begin(glance.player.id, message_id, shown, glance)

    @on.callback_query(Use.filter(), _is_mine)
    async def pressed_twice(self, event: CallbackQuery, player: Player) -> None:
        """The second tap of a double tap on a suggestion is no reason for a word about old messages."""
        await event.answer(questions.already_yours(player.username))

    @on.message(Command("cancel", ignore_case=True))
    async def nothing_to_cancel(self, event: Message, game: Game) -> None:
        await send(event, screens.nothing_to_cancel(game.links))

    @on.message()
    async def anything_else(self, event: Message, game: Game) -> None:
        await send(event, screens.hint(game.links))
