"""The longer texts: help, privacy, and what the bot says of itself before /start. Pure."""

from clicker.i18n import gettext

COMMANDS = ("start", "play", "top", "me", "name", "settings", "help", "privacy", "cancel", "delete")
"""In the order of the menu: what is wanted most often first, what can't be undone last."""
GROUP_COMMANDS = ("start", "top")


def command_descriptions() -> dict[str, str]:
    """What each command does, 1 to 256 characters, for Telegram's menu and for /help."""
    return {
        "start": gettext("Your clicks and the top 20"),
        "play": gettext("Open the game"),
        "top": gettext("The 20 best"),
        "me": gettext("Your clicks, rank and neighbours"),
        "name": gettext("Change your username"),
        "settings": gettext("Username, language, data"),
        "help": gettext("What all this is"),
        "privacy": gettext("What we know about you"),
        "cancel": gettext("Leave what you are doing"),
        "delete": gettext("Delete all your data"),
    }


def help() -> str:
    """The game in three sentences, then the commands."""
    about = gettext(
        "Everyone taps one button. Your taps are counted for ever, everyone's taps add up to one global number, "
        "and the 20 best are on the board."
    )
    described = command_descriptions()
    commands = "\n".join(f"/{name} – {described[name]}" for name in COMMANDS)
    return f"<b>{gettext('How it works')}</b>\n{about}\n\n{commands}"


def privacy() -> str:
    """What is kept, why, who sees it, and how to end it."""
    kept = gettext(
        "<b>What we keep:</b> your Telegram id, first name and language, your username here, your clicks."
    )
    sessions = gettext(
        "Also when you played, what you changed, whether you tap like a robot, and for 30 days your network address. "
        "No messages, no contacts, no ads."
    )
    shown = gettext("<b>Who sees it:</b> everyone sees your username here and your clicks, and nothing else.")
    why = gettext("<b>Why:</b> to count your taps and to put you on the board. It is given to nobody.")
    end = gettext(
        "<b>Your choice:</b> /delete removes all of it at once. Your taps stay in the global number."
    )
    return f"<b>🔒 {gettext('Privacy')}</b>\n\n{kept} {sessions}\n\n{shown}\n\n{why}\n\n{end}"


def description() -> str:
    """In the empty chat, above the Start button; up to 512 characters."""
    return gettext(
        "One button, and everyone in the world taps it.\n\n"
        "Your taps are counted for ever. Everyone's taps add up to one global number. "
        "The 20 best are on the board.\n\nPress Start!"
    )


def short_description() -> str:
    """On the bot's profile and in shared links; up to 120 characters."""
    return gettext("One button, and everyone in the world taps it. How far will you get?")
