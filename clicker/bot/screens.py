"""Every message of the main scene as a value: text and keyboard. Pure, so that a test can show them all."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape

from aiogram.types import ForceReply, InlineKeyboardMarkup

from clicker.bot import documents, keyboards
from clicker.bot.links import Links
from clicker.bot.names import ScreenName
from clicker.bot.texts import board_lines, neighbours, numbers, paragraphs
from clicker.i18n import gettext, number
from clicker.leaderboard.rules import Board, Standing
from clicker.players.rules import Player


@dataclass(frozen=True)
class Screen:
    """One message: HTML as Telegram reads it, and what is under it."""

    text: str
    keyboard: InlineKeyboardMarkup | ForceReply | None = None

    @property
    def buttons(self) -> InlineKeyboardMarkup | None:
        """What an edit can put under a message: no reply field."""
        return self.keyboard if isinstance(self.keyboard, InlineKeyboardMarkup) else None


def welcome(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    """The main message: my clicks, my rank, global clicks, the top 20."""
    return Screen(_all(player, standing, board), keyboards.main(links))


def paused(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    """The main message of somebody whose session was just paused."""
    said = gettext("Paused: you have not tapped for a while. Your clicks are safe.")
    return Screen(paragraphs(f"⏸ <b>{said}</b>", _all(player, standing, board)), keyboards.paused(links))


def at(screen: Screen, moment: datetime) -> Screen:
    """The same, saying of when it is."""
    return replace(
        screen, text=paragraphs(screen.text, "🔄 " + gettext("Updated %(time)s", time=_time(moment)))
    )


def asleep(text: str, links: Links, moment: datetime) -> Screen:
    """What a live message says when it stops: its last state, and since when that stands."""
    said = gettext("Standing still since %(time)s.", time=_time(moment))
    return Screen(paragraphs(text, f"😴 {said}"), keyboards.asleep(links))


def milestone(clicks: int, links: Links) -> Screen:
    said = gettext("%(clicks)s clicks! 🎉", clicks=number(clicks))
    return Screen(f"<b>{said}</b>", keyboards.milestone(links))


def top(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    return Screen(board_lines(board, player, standing), keyboards.main(links, ScreenName.TOP))


def me(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    """My numbers, and the players next to me."""
    text = paragraphs(numbers(player, standing, board), neighbours(standing))
    return Screen(text, keyboards.main(links, ScreenName.ME))


def play(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    said = gettext("One button. Tap it as often as you can.")
    if not links.play:
        said = gettext("The game has no public address yet. Please come back soon.")
    return Screen(paragraphs(said, numbers(player, standing, board)), keyboards.main(links, ScreenName.PLAY))


def settings(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    title = f"⚙️ <b>{gettext('Settings')}</b>"
    username = gettext("Username: %(username)s", username=f"<b>{escape(player.username)}</b>")
    # Translators: name your own language here. The bot follows the one that the player chose in Telegram.
    language = gettext("Language: English (from Telegram)")
    return Screen(paragraphs(title, f"{username}\n{language}"), keyboards.settings())


def settings_hint() -> Screen:
    """For whatever the settings did not expect."""
    return Screen(gettext("These are your settings. Press a button, or go back."), keyboards.settings())


def paused_hint(links: Links) -> Screen:
    """For whatever is said to a paused game."""
    return Screen(
        "⏸ " + gettext("Your game is paused. Press Resume, and it goes on."), keyboards.paused(links)
    )


def help(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    return Screen(documents.help(), keyboards.back(links))


def privacy(player: Player, standing: Standing, board: Board, links: Links) -> Screen:
    return Screen(documents.privacy(), keyboards.back(links))


def hint(links: Links) -> Screen:
    """For whatever the main scene did not expect."""
    text = gettext("I understand taps best 🙂 Press Play, or send /help to see what else there is.")
    return Screen(text, keyboards.main(links))


def nothing_to_cancel(links: Links) -> Screen:
    return Screen(gettext("There is nothing to cancel. All is well!"), keyboards.main(links))


def _all(player: Player, standing: Standing, board: Board) -> str:
    return paragraphs(numbers(player, standing, board), board_lines(board, player, standing))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%H:%M:%S UTC")


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
