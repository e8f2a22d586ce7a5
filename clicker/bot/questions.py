"""What the scenes ask: for a username, and whether somebody really wants to leave. Pure."""

from collections.abc import Sequence
from html import escape

from aiogram.types import ForceReply

from clicker.bot import keyboards
from clicker.bot.screens import Screen
from clicker.bot.texts import paragraphs
from clicker.i18n import gettext, number


def ask_newcomer(first_name: str, ideas: Sequence[str]) -> Screen:
    """The first words to a new player."""
    hi = "👋 " + gettext("Hi %(name)s!", name=f"<b>{escape(first_name)}</b>")
    game = gettext("One button, and everyone in the world taps it. How shall we call you on the board?")
    return Screen(paragraphs(hi, game), keyboards.usernames(ideas))


def ask_rename(username: str, ideas: Sequence[str]) -> Screen:
    text = gettext("You are %(username)s. What is your new username?", username=f"<b>{escape(username)}</b>")
    return Screen("✏️ " + text, keyboards.usernames(ideas, username))


def ask_again(said: str, ideas: Sequence[str], present: str = "") -> Screen:
    """`said` tells what was wrong with the last try."""
    return Screen(
        paragraphs(said, gettext("Type another one, or take one of these:")),
        keyboards.usernames(ideas, present),
    )


def type_your_own() -> Screen:
    """Telegram opens the reply field under it by itself, which is why it comes last."""
    text = gettext("Or type your own: 3–32 Latin letters, digits or _, a letter first.")
    return Screen("✍️ " + text, ForceReply(input_field_placeholder=gettext("Your username")))


def text_expected() -> str:
    """To a sticker, a photo and the like, while a username is asked for."""
    return gettext("Nice one! But a username is made of letters, so please type it.")


def first_a_username() -> str:
    return gettext("First choose a username, then the game begins.")


def older_button() -> str:
    """In the moment's notice over the chat: plain text."""
    return gettext("This button is from an older message. Here is a fresh one.")


def already_yours(username: str) -> str:
    """As `older_button`: plain text."""
    return gettext("You are %(username)s.", username=username)


def name_given(username: str) -> str:
    """After a username was chosen for somebody who did not want to."""
    return gettext(
        "No problem: you are %(username)s. Change it any time with /name.",
        username=f"<b>{escape(username)}</b>",
    )


def name_chosen(username: str) -> str:
    return gettext("Welcome, %(username)s! 🎉", username=f"<b>{escape(username)}</b>")


def name_changed(username: str) -> str:
    return gettext("Done: you are %(username)s now.", username=f"<b>{escape(username)}</b>")


def name_kept(username: str) -> str:
    return gettext("You stay %(username)s.", username=f"<b>{escape(username)}</b>")


def ask_leave(username: str, clicks: int) -> Screen:
    """What goes, what stays, and that it is for good."""
    gone = gettext("This deletes your place on the board and all that we know about you. It can't be undone.")
    if username:
        gone = gettext(
            "This deletes %(username)s with %(clicks)s clicks, your place on the board, and all that we know "
            "about you. It can't be undone.",
            username=f"<b>{escape(username)}</b>",
            clicks=f"<b>{number(clicks)}</b>",
        )
    stays = gettext("Your taps stay in the global number, without a name.")
    return Screen(paragraphs(f"🗑 <b>{gettext('Delete my data')}</b>", gone, stays), keyboards.leave())


def resumed() -> str:
    """As `older_button`: plain text."""
    return gettext("Welcome back! Your game goes on.")


def nothing_to_resume() -> str:
    """As `older_button`: plain text."""
    return gettext("There is no paused game any more. Press Play to begin.")


def choose_a_button() -> str:
    return gettext("Please press one of the two buttons.")


def left_alert() -> str:
    """In Telegram's own dialog: plain text, at most 200 characters."""
    return gettext("All your data is deleted. Your taps stay in the global number, without a name.")


def left() -> Screen:
    return Screen(
        gettext("All your data is deleted. Thank you for playing! 👋"),
        keyboards.start_anew(),
    )
