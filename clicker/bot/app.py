"""The bot's parts list, and its life: introduce itself, poll, stop in good order."""

import asyncio
import logging
import signal
from contextlib import suppress

from aiogram import Bot, Dispatcher, Router
from aiogram.exceptions import AiogramError
from aiogram.utils.token import TokenValidationError

from clicker.bot import commands, groups, lost, newcomers, profile, telegram
from clicker.bot.backoff import Backoff
from clicker.bot.bridge import Bridge
from clicker.bot.errors import on_error
from clicker.bot.filters import in_private
from clicker.bot.game import Game
from clicker.bot.middlewares import LanguageMiddleware, OnceMiddleware, PlayerMiddleware
from clicker.bot.polling import Poller
from clicker.bot.scenes import registry
from clicker.bot.store import BotStore
from clicker.stores.redis import Error as StoreError
from clicker.wiring import Services

log = logging.getLogger("clicker.bot")

BEAT_S = 10
_NOT_A_TOKEN_S = 60.0


def run(services: Services) -> None:
    """Works until SIGTERM or SIGINT."""
    asyncio.run(_live(services))


def build_dispatcher(game: Game, store: BotStore) -> Dispatcher:
    """Everything between an update and its answer. The order of the routers is the order of precedence."""
    dispatcher = Dispatcher(storage=store.storage, events_isolation=store.isolation, game=game)
    dispatcher.errors.register(on_error)
    for middleware in (LanguageMiddleware(), OnceMiddleware(store), PlayerMiddleware(game)):
        dispatcher.update.outer_middleware(middleware)
    private = Router(name="private")
    private.message.filter(in_private)
    private.callback_query.filter(in_private)
    private.include_routers(newcomers.build(), commands.build())
    registry.register(dispatcher, private)
    private.include_router(lost.build())
    dispatcher.include_routers(groups.build(), private)
    return dispatcher


async def _live(services: Services) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        bot = telegram.connect(services.settings)
    except TokenValidationError:
        await _say_until_stopped("BOT_TOKEN does not look like a bot's token (123456:ABC…)", stop)
        return
    bridge = Bridge()
    store = BotStore(services.settings.redis_url, bot.id)
    try:
        await _work(bot, Game(services, bridge), store, stop)
    finally:
        bridge.close()
        await store.close()
        await bot.session.close()


async def _work(bot: Bot, game: Game, store: BotStore, stop: asyncio.Event) -> None:
    if not await _met(bot, Backoff(stop)):
        return
    dispatcher = build_dispatcher(game, store)
    kinds = dispatcher.resolve_used_update_types()
    poller = Poller(bot, lambda update: dispatcher.feed_update(bot, update), kinds, stop)
    ready = asyncio.create_task(_introduce_and_beat(bot, game, store, stop))
    try:
        await poller.run()
    finally:
        ready.cancel()
        with suppress(asyncio.CancelledError):
            await ready


async def _met(bot: Bot, backoff: Backoff) -> bool:
    """Waits until Telegram knows us. False if the bot was stopped before."""
    while not backoff.stopped:
        try:
            me = await bot.me()
        except AiogramError as error:
            pause_s = backoff.pause_s(getattr(error, "retry_after", 0))
            log.warning("not started, next try in %.1f s: %s", pause_s, telegram.described(error, bot.token))
            await backoff.wait(pause_s)
        else:
            log.info("polling as @%s", me.username)
            return True
    return False


async def _introduce_and_beat(bot: Bot, game: Game, store: BotStore, stop: asyncio.Event) -> None:
    """The heartbeat begins when the introduction is made, so that a bot that is seen alive is complete."""
    await profile.introduce(bot, game.play_url, Backoff(stop))
    log.info("ready")
    while True:
        try:
            await store.sign_of_life()
        except StoreError as error:
            log.warning("no heartbeat: %s", type(error).__name__)
        await asyncio.sleep(BEAT_S)


async def _say_until_stopped(line: str, stop: asyncio.Event) -> None:
    while not stop.is_set():
        log.error(line)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _NOT_A_TOKEN_S)
