"""How the bot introduces itself: commands, menu button, descriptions, in each language. Set at every start."""

import logging
from collections.abc import Iterator

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.methods import (
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
    BotCommandScopeUnion,
    MenuButtonWebApp,
    WebAppInfo,
)

from clicker import i18n
from clicker.bot import documents
from clicker.bot.backoff import Backoff
from clicker.bot.telegram import PASSING, described

log = logging.getLogger("clicker.bot")

_SCOPES: tuple[tuple[BotCommandScopeUnion, tuple[str, ...]], ...] = (
    (BotCommandScopeDefault(), documents.COMMANDS),
    (BotCommandScopeAllPrivateChats(), documents.COMMANDS),
    (BotCommandScopeAllGroupChats(), documents.GROUP_COMMANDS),
)


async def introduce(bot: Bot, play_url: str, backoff: Backoff) -> None:
    """Makes the calls one after another. A passing failure is waited out, a refusal is logged."""
    for call in calls(play_url):
        while not backoff.stopped and not await _made(bot, call, backoff):
            pass


def calls(play_url: str) -> list[TelegramMethod[bool]]:
    """Every call, in order. English is given as the default, for all languages that have no text of their own."""
    made: list[TelegramMethod[bool]] = []
    for language in i18n.LANGUAGES:
        with i18n.language(language):
            made.extend(_in_language(None if language == i18n.DEFAULT else language))
    if play_url:
        made.append(menu_button(play_url))
    return made


def _in_language(code: str | None) -> Iterator[TelegramMethod[bool]]:
    described_as = documents.command_descriptions()
    for scope, names in _SCOPES:
        commands = [BotCommand(command=name, description=described_as[name]) for name in names]
        yield SetMyCommands(commands=commands, scope=scope, language_code=code)
    yield SetMyDescription(description=documents.description(), language_code=code)
    yield SetMyShortDescription(short_description=documents.short_description(), language_code=code)


def menu_button(play_url: str, chat: int | None = None) -> TelegramMethod[bool]:
    """Opens the game from beside the input: in one chat in the language in use, or everywhere by default."""
    button = MenuButtonWebApp(text=i18n.gettext("Play"), web_app=WebAppInfo(url=play_url))
    return SetChatMenuButton(chat_id=chat, menu_button=button)


async def _made(bot: Bot, call: TelegramMethod[bool], backoff: Backoff) -> bool:
    try:
        await bot(call)
    except (*PASSING, TelegramRetryAfter) as error:
        pause_s = backoff.pause_s(getattr(error, "retry_after", 0))
        log.debug("%s, next try in %.1f s: %s", call.__api_method__, pause_s, described(error, bot.token))
        await backoff.wait(pause_s)
        return False
    except TelegramAPIError as error:
        log.warning("%s was refused: %s", call.__api_method__, described(error, bot.token))
    return True
