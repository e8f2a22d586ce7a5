"""The bot's parts list."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Bot, Dispatcher, Router

from clicker.bot import blocked, commands, groups, inline, lost, newcomers, telegram
from clicker.bot.bridge import Bridge
from clicker.bot.errors import on_error
from clicker.bot.filters import in_private
from clicker.bot.game import Game
from clicker.bot.life import live
from clicker.bot.live import Live
from clicker.bot.middlewares import LanguageMiddleware, OnceMiddleware, PlayerMiddleware, TrailMiddleware
from clicker.bot.outlet import Outlet
from clicker.bot.renewal import Renewal
from clicker.bot.scenes import registry
from clicker.bot.store import BotStore
from clicker.bot.turns import Turns
from clicker.outbox.rules import Charge, Verdict
from clicker.settings import Settings
from clicker.stores.redis import is_cluster
from clicker.telemetry.start import begin
from clicker.wiring import Services


@dataclass(frozen=True)
class Parts:
    """One bot process, put together. Nothing connects until it is used."""

    services: Services
    bridge: Bridge
    bot: Bot
    outlet: Outlet
    game: Game
    store: BotStore
    dispatcher: Dispatcher
    renewal: Renewal

    async def close(self) -> None:
        await self.outlet.close()
        self.bridge.close()
        await self.store.close()
        await self.bot.session.close()


def run(services: Services) -> None:
    """Works until SIGTERM or SIGINT."""
    services.admin.keep_errors("bot")
    begin(services, "bot")
    asyncio.run(live(services, build))


def build(services: Services) -> Parts:
    """Raises TokenValidationError if BOT_TOKEN does not look like one."""
    bridge = Bridge()
    outlet = _outlet(services, bridge)
    bot = telegram.connect(services.settings, outlet)
    game = Game(services, bridge)
    settings = services.settings
    # Conversations are the bot's alone: with a cluster for the game they go where the jobs are.
    store = BotStore(settings.rq_redis_url if is_cluster(settings.redis_url) else settings.redis_url, bot.id)
    alive = Live(services.live, bridge)
    dispatcher = build_dispatcher(game, store, alive)
    renewal = Renewal(bot, game, alive, services.live, store, services.clock)
    return Parts(services, bridge, bot, outlet, game, store, dispatcher, renewal)


def build_dispatcher(game: Game, store: BotStore, alive: Live) -> Dispatcher:
    """Everything between an update and its answer. The order of the routers is the order of precedence."""
    dispatcher = Dispatcher(storage=store.storage, events_isolation=store.isolation, game=game, live=alive)
    dispatcher.errors.register(on_error)
    for middleware in (
        TrailMiddleware(),
        LanguageMiddleware(),
        OnceMiddleware(store),
        PlayerMiddleware(game, alive),
    ):
        dispatcher.update.outer_middleware(middleware)
    private = Router(name="private")
    private.message.filter(in_private)
    private.callback_query.filter(in_private)
    private.include_routers(blocked.build(), newcomers.build(), commands.build())
    registry.register(dispatcher, private)
    private.include_router(lost.build())
    dispatcher.include_routers(inline.build(), groups.build(), private)
    return dispatcher


def _outlet(services: Services, bridge: Bridge) -> Outlet:
    async def pause(seconds: float) -> None:
        await bridge(services.outbox.pause, seconds)

    async def lost_chat(chat: int) -> None:
        await bridge(services.outbox.lose, chat)
        await bridge(services.live.stop, chat)

    async def left(chat: int, message_id: int) -> None:
        await bridge(services.live.stop, chat, message_id)

    return Outlet(Turns(_buckets(services)), pause, lost_chat, left)


def _buckets(services: Services) -> Callable[[Charge], Verdict]:
    return _no_limits if unlimited(services.settings) else services.outbox.take


def unlimited(settings: Settings) -> bool:
    """True if the sandbox, which is told by the same variable, refuses nothing: then there is nothing to keep to."""
    return settings.sandboxed and os.environ.get("SANDBOX_LIMITS") == "off"


def _no_limits(_charge: Charge) -> Verdict:
    return Verdict(0)
