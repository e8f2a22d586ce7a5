"""People without a username, whatever they do: they are asked for one. And /delete, which needs no username."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.scene import ScenesManager
from aiogram.types import CallbackQuery, Message

from clicker.bot import questions
from clicker.bot.callbacks import Forget
from clicker.bot.commands import remember_payload
from clicker.bot.filters import is_newcomer
from clicker.bot.names import SceneName
from clicker.bot.showing import show


def build() -> Router:
    """/delete for everyone, the rest for newcomers."""
    router = Router(name="newcomers")
    router.message.register(leave, Command("delete", ignore_case=True))
    router.callback_query.register(deleted_twice, Forget.filter(), is_newcomer)
    router.message.register(start, Command("start", ignore_case=True), is_newcomer)
    router.message.register(begin, is_newcomer)
    router.callback_query.register(begin_by_button, is_newcomer)
    return router


async def leave(event: Message, scenes: ScenesManager) -> None:
    await scenes.enter(SceneName.LEAVE)


async def deleted_twice(event: CallbackQuery) -> None:
    """The second tap of a double tap: it must not make a player of somebody who just left."""
    await event.answer()
    await show(event, questions.left())


async def start(event: Message, command: CommandObject, scenes: ScenesManager, state: FSMContext) -> None:
    await remember_payload(command, state)
    await scenes.enter(SceneName.ONBOARDING)


async def begin(event: Message, scenes: ScenesManager) -> None:
    await scenes.enter(SceneName.ONBOARDING)


async def begin_by_button(event: CallbackQuery, scenes: ScenesManager) -> None:
    await event.answer()
    await scenes.enter(SceneName.ONBOARDING)
