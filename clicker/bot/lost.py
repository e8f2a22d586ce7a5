"""What no scene took: buttons of messages from long ago, and conversations that the store has forgotten."""

from aiogram import Router
from aiogram.fsm.scene import ScenesManager
from aiogram.types import CallbackQuery, Message

from clicker.bot import questions
from clicker.bot.callbacks import Keep
from clicker.bot.names import SceneName


def build() -> Router:
    """Comes last; everything that gets here has an answer."""
    router = Router(name="lost")
    router.callback_query.register(pressed_twice, Keep.filter())
    router.callback_query.register(older_button)
    router.message.register(found)
    return router


async def pressed_twice(event: CallbackQuery) -> None:
    """Nothing was to change, and nothing does."""
    await event.answer()


async def older_button(event: CallbackQuery, scenes: ScenesManager) -> None:
    """The old message becomes a fresh main message: the fresh buttons are where the finger is."""
    await event.answer(questions.older_button())
    await scenes.enter(SceneName.MAIN)


async def found(event: Message, scenes: ScenesManager) -> None:
    await scenes.enter(SceneName.MAIN)
