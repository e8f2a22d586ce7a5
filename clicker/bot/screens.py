"""Every message of the main scene as a value: text and keyboard. Pure, so that a test can show them all."""

from dataclasses import dataclass
from html import escape

from aiogram.types import ForceReply, InlineKeyboardMarkup

from clicker.bot import documents, keyboards
from clicker.bot.names import ScreenName
from clicker.bot.texts import board_lines, neighbours, numbers, paragraphs
from clicker.i18n import gettext
from clicker.leaderboard.rules import Board, Standing
from clicker.players.rules import Player


@dataclass(frozen=True)
class Screen:
    """One message: HTML as Telegram reads it, and what is under it."""

    text: str
    keyboard: InlineKeyboardMarkup | ForceReply | None = None


def welcome(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    """The main message: my clicks, my rank, global clicks, the top 20."""
    text = paragraphs(numbers(player, standing, board), board_lines(board, player, standing))
    return Screen(text, keyboards.main(play_url))


def top(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    return Screen(board_lines(board, player, standing), keyboards.main(play_url, ScreenName.TOP))


def me(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    """My numbers, and the players next to me."""
    text = paragraphs(numbers(player, standing, board), neighbours(standing))
    return Screen(text, keyboards.main(play_url, ScreenName.ME))


def play(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    said = gettext("One button. Tap it as often as you can.")
    if not play_url:
        said = gettext("The game has no public address yet. Please come back soon.")
    return Screen(
        paragraphs(said, numbers(player, standing, board)), keyboards.main(play_url, ScreenName.PLAY)
    )


def settings(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    title = f"⚙️ <b>{gettext('Settings')}</b>"
    username = gettext("Username: %(username)s", username=f"<b>{escape(player.username)}</b>")
    # Translators: name your own language here. The bot follows the one that the player chose in Telegram.
    language = gettext("Language: English (from Telegram)")
    return Screen(paragraphs(title, f"{username}\n{language}"), keyboards.settings())


def help(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    return Screen(documents.help(), keyboards.back(play_url))


def privacy(player: Player, standing: Standing, board: Board, play_url: str) -> Screen:
    return Screen(documents.privacy(), keyboards.back(play_url))


def hint(play_url: str) -> Screen:
    """For whatever the main scene did not expect."""
    text = gettext("I understand taps best 🙂 Press Play, or send /help to see what else there is.")
    return Screen(text, keyboards.main(play_url))


def nothing_to_cancel(play_url: str) -> Screen:
    return Screen(gettext("There is nothing to cancel. All is well!"), keyboards.main(play_url))


SCREENS = {
    ScreenName.WELCOME: welcome,
    ScreenName.PLAY: play,
    ScreenName.TOP: top,
    ScreenName.ME: me,
    ScreenName.SETTINGS: settings,
    ScreenName.HELP: help,
    ScreenName.PRIVACY: privacy,
}
"""All of them take the same four things."""
