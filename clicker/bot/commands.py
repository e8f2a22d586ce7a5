"""What works in every scene: the commands, and the buttons of the main message."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.scene import ScenesManager
from aiogram.types import CallbackQuery, Message, User

from clicker.bot import questions
from clicker.bot.callbacks import Go, Resume, Show
from clicker.bot.filters import has_username
from clicker.bot.game import Game
from clicker.bot.live import Live
from clicker.bot.names import SceneName, ScreenName
from clicker.bot.texts import toast

PAYLOAD = "payload"
"""In the conversation's data: what came with a deep link, up to 64 characters (core.telegram.org/bots/features)."""
SCREENS = {
    "start": ScreenName.WELCOME,
    "play": ScreenName.PLAY,
    "top": ScreenName.TOP,
    "me": ScreenName.ME,
    "help": ScreenName.HELP,
    "privacy": ScreenName.PRIVACY,
}


def build() -> Router:
    """For players with a username; /cancel is not here, because each scene means something else by it."""
    router = Router(name="commands")
    router.message.filter(has_username)
    router.callback_query.filter(has_username)
    router.message.register(open_screen, Command(*SCREENS, ignore_case=True))
    router.message.register(rename, Command("name", ignore_case=True))
    router.message.register(settings, Command("settings", ignore_case=True))
    router.callback_query.register(turn, Show.filter())
    router.callback_query.register(resume, Resume.filter())
    router.callback_query.register(go, Go.filter())
    return router


async def open_screen(
    event: Message, command: CommandObject, scenes: ScenesManager, state: FSMContext
) -> None:
    """Whatever was going on, a command ends it: a text sent afterwards is no username by accident."""
    await remember_payload(command, state)
    await scenes.enter(SceneName.MAIN, screen=SCREENS[command.command.lower()])


async def rename(event: Message, command: CommandObject, scenes: ScenesManager) -> None:
    await scenes.enter(SceneName.RENAME, wanted=command.args or "")


async def settings(event: Message, scenes: ScenesManager) -> None:
    await scenes.enter(SceneName.SETTINGS)


async def turn(
    event: CallbackQuery,
    callback_data: Show,
    scenes: ScenesManager,
    game: Game,
    user: User,
    live: Live,
    raw_state: str | None = None,
) -> None:
    """Another screen, or new numbers. The press is answered before the edit, which Telegram may hold up.

    A live message gets its news from the renewal, which makes one edit of a hundred presses.
    """
    if callback_data.screen is ScreenName.SETTINGS:
        await event.answer()
        await scenes.enter(SceneName.SETTINGS)
        return
    glance = await game.glance(user)
    await event.answer(toast(glance.standing) if callback_data.again else None)
    pressed = event.message.message_id if event.message else 0
    here = raw_state in (None, SceneName.MAIN, SceneName.PAUSED)
    if callback_data.again and here and await live.is_live(user.id, pressed):
        await live.ask(user.id)
    else:
        await scenes.enter(SceneName.MAIN, screen=callback_data.screen, glance=glance)


async def resume(event: CallbackQuery, scenes: ScenesManager, game: Game, user: User) -> None:
    """The paused session goes on, here and in the Mini App."""
    resumed = await game.resume(user.id)
    await event.answer(questions.resumed() if resumed else questions.nothing_to_resume())
    await scenes.enter(SceneName.MAIN)


async def go(event: CallbackQuery, callback_data: Go, scenes: ScenesManager) -> None:
    await event.answer()
    await scenes.enter(callback_data.scene)


async def remember_payload(command: CommandObject, state: FSMContext) -> None:
    """Keeps what came behind /start for those who will ask for it."""
    if command.command.lower() == "start" and command.args:
        await state.update_data({PAYLOAD: command.args[:64]})
