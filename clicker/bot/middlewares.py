"""What happens around every update: its language, whether it was handled before, and who the player is."""

from collections.abc import Awaitable, Callable
from hashlib import blake2s
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType
from aiogram.types import Chat, TelegramObject, Update, User

from clicker import i18n
from clicker.bot.charging import going
from clicker.bot.game import Game
from clicker.bot.live import Live
from clicker.bot.profile import menu_button
from clicker.bot.store import BotStore
from clicker.outbox.rules import Lane
from clicker.telemetry import trail

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class TrailMiddleware(BaseMiddleware):
    """Gives an update its id in the logs, and its trace: the outermost."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)  # noqa: S101 - it is registered for updates
        with trail.following(f"update {event.event_type}", {}, f"update-{event.update_id}"):
            return await handler(event, data)


class LanguageMiddleware(BaseMiddleware):
    """Telegram's language of the sender, read anew with every update, so that a change shows at once."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        with i18n.language(user.language_code if user else None):
            return await handler(event, data)


class OnceMiddleware(BaseMiddleware):
    """An update that comes again acts once.

    It runs inside the conversation's lock and takes its note after the handler, because a note taken before would
    lose an update to `kill -9`. What is left is a kill between the last effect and the note: then all happens
    twice, which the stores don't mind and the player sees as a repeated answer.
    """

    def __init__(self, store: BotStore) -> None:
        self._store = store

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)  # noqa: S101 - it is registered for updates
        digest = blake2s(event.model_dump_json(exclude_unset=True).encode(), digest_size=4).digest()
        if await self._store.was_handled(event.update_id, digest):
            return None
        result = await handler(event, data)
        await self._store.remember_handled(event.update_id, digest)
        return result


class PlayerMiddleware(BaseMiddleware):
    """Gives private handlers `player`: the player, or None for somebody the game does not know."""

    def __init__(self, game: Game, live: Live) -> None:
        self._game, self._live = game, live

    async def _greet_anew(self, bot: Bot, chat: int) -> None:
        """Somebody changed their language: the menu button and the live message follow at once."""
        if self._game.links.play:
            with going(Lane.CHORE):
                await bot(menu_button(self._game.links.play, chat))
        await self._live.ask(chat)

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        chat: Chat | None = data.get("event_chat")
        user: User | None = data.get("event_from_user")
        if chat and user and chat.type == ChatType.PRIVATE:
            data["player"], other_language = await self._game.arrived(user)
            data["user"] = user
            if data["player"]:
                i18n.set_language(data["player"].language)  # what they chose here goes before Telegram's
            if other_language:
                await self._greet_anew(data["bot"], chat.id)
        return await handler(event, data)
