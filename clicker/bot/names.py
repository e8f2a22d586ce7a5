"""Names that go into the store and into buttons, where old ones live on for months: change none of them lightly."""

from enum import StrEnum


class SceneName(StrEnum):
    """The states of a conversation. No state at all is the beginning."""

    ONBOARDING = "onboarding"
    MAIN = "main"
    RENAME = "rename"
    SETTINGS = "settings"
    LEAVE = "leave"
    PAUSED = "paused"


class ScreenName(StrEnum):
    """What the main scene can show in one message."""

    WELCOME = "welcome"
    PLAY = "play"
    TOP = "top"
    ME = "me"
    SETTINGS = "settings"
    HELP = "help"
    PRIVACY = "privacy"
