"""What the buttons send back. Telegram carries 1 to 64 bytes; the longest here is `use:` with a username of 32."""

from aiogram.filters.callback_data import CallbackData

from clicker.bot.names import SceneName, ScreenName


class Show(CallbackData, prefix="show"):
    """Shows a screen in the message that was pressed. `again`: the same screen, with new numbers."""

    screen: ScreenName
    again: bool = False


class Go(CallbackData, prefix="go"):
    """Enters a scene."""

    scene: SceneName


class Use(CallbackData, prefix="use"):
    """Takes a suggested username."""

    username: str


class Idea(CallbackData, prefix="idea"):
    """Suggests other usernames."""


class Surprise(CallbackData, prefix="surprise"):
    """Gives a generated username."""


class Resume(CallbackData, prefix="resume"):
    """The player's paused session goes on."""


class Keep(CallbackData, prefix="keep"):
    """Changes nothing and goes back."""


class Forget(CallbackData, prefix="forget"):
    """Confirms the deletion of all my data."""
