"""The map of the conversation: every scene, how it is entered, where it leads, what it makes of the unexpected.

`docs/bot.md` shows this table; a test compares the two.
"""

from dataclasses import dataclass

from aiogram import Dispatcher, Router
from aiogram.fsm.scene import Scene, SceneRegistry

from clicker.bot.names import SceneName
from clicker.bot.scenes.leave import Leave
from clicker.bot.scenes.main import Main
from clicker.bot.scenes.onboarding import Onboarding
from clicker.bot.scenes.paused import Paused
from clicker.bot.scenes.rename import Rename
from clicker.bot.scenes.settings import Settings

COMMANDS_OUT = "any command"


@dataclass(frozen=True)
class Place:
    """One scene on the map. `exits` pairs what the player does with the scene it leads to (none: the beginning)."""

    scene: type[Scene]
    entered_by: str
    exits: tuple[tuple[str, SceneName | None], ...]
    unexpected: str

    @property
    def name(self) -> SceneName:
        return SceneName(str(self.scene.__scene_config__.state))


MAP = (
    Place(
        Onboarding,
        "anything at all from somebody without a username",
        (
            ("a username, typed or from a button", SceneName.MAIN),
            ("/cancel or Surprise me: a generated one", SceneName.MAIN),
            ("a username chosen in the Mini App", SceneName.MAIN),
            ("/delete", SceneName.LEAVE),
        ),
        "says what is expected, with fresh suggestions",
    ),
    Place(
        Main,
        "/start, /play, /top, /me, /help, /privacy; every other scene's end",
        (
            ("/settings or Settings", SceneName.SETTINGS),
            ("/name", SceneName.RENAME),
            ("/delete", SceneName.LEAVE),
            ("its session goes idle", SceneName.PAUSED),
        ),
        "a hint, with the main buttons",
    ),
    Place(
        Rename,
        "/name, Change username in **settings**",
        (
            ("a username, typed or from a button", SceneName.MAIN),
            ("/cancel or Keep: the present one stays", SceneName.MAIN),
            (COMMANDS_OUT, SceneName.MAIN),
            ("/delete", SceneName.LEAVE),
        ),
        "says what is expected, with fresh suggestions",
    ),
    Place(
        Settings,
        "/settings, Settings in **main**",
        (
            ("Change username or /name", SceneName.RENAME),
            ("Delete my data or /delete", SceneName.LEAVE),
            ("Back, Privacy, /cancel or " + COMMANDS_OUT, SceneName.MAIN),
        ),
        "a hint, with the buttons of the settings",
    ),
    Place(
        Leave,
        "/delete, Delete my data in **settings**",
        (
            ("Yes, delete everything", None),
            ("Keep my data, /cancel or " + COMMANDS_OUT, SceneName.MAIN),
            ("the same, without a username", SceneName.ONBOARDING),
            ("/name", SceneName.RENAME),
        ),
        "asks for one of the two buttons",
    ),
    Place(
        Paused,
        "the reaper, when the player's last active session went idle",
        (
            ("Resume, or playing on in the Mini App", SceneName.MAIN),
            ("/cancel or " + COMMANDS_OUT, SceneName.MAIN),
            ("/settings", SceneName.SETTINGS),
            ("/name", SceneName.RENAME),
            ("/delete", SceneName.LEAVE),
        ),
        "a hint, with the Resume button",
    ),
)


def register(dispatcher: Dispatcher, router: Router) -> None:
    """Puts every scene of the map into the router, which decides whom they listen to."""
    registry = SceneRegistry(dispatcher)
    registry.add(*(place.scene for place in MAP), router=router)


def as_table() -> str:
    """The map in Markdown."""
    rows = ["| scene | entered by | leaves to | anything else |", "|---|---|---|---|"]
    for place in MAP:
        exits = "; ".join(f"{how} → {_where(to)}" for how, to in place.exits)
        rows.append(f"| **{place.name}** | {place.entered_by} | {exits} | {place.unexpected} |")
    return "\n".join(rows)


def _where(to: SceneName | None) -> str:
    return f"**{to}**" if to else "the beginning"
