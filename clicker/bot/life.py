"""A bot process's life: meet Telegram, take updates, keep live messages up to date, stop in good order."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Update
from aiogram.utils.token import TokenValidationError

from clicker.bot import profile, telegram
from clicker.bot.backoff import Backoff, Trouble
from clicker.bot.polling import Poller
from clicker.bot.webhook import PATH, Webhook
from clicker.settings import Settings
from clicker.stores.keys import ALIVE_KEPT_S, Keys
from clicker.stores.redis import Error as StoreError
from clicker.wiring import Services

if TYPE_CHECKING:
    from clicker.bot.app import Parts

log = logging.getLogger("clicker.bot")

BEAT_S = 10
PULSE_S = 1.0
_NOT_A_TOKEN_S = 60.0
CONNECTIONS = 100
"""Updates that Telegram sends at once, the most there is: each is answered when it was handled, which may take long."""


async def live(services: Services, build: Callable[[Services], "Parts"]) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        parts = build(services)
    except TokenValidationError:
        await _say_until_stopped("BOT_TOKEN does not look like a bot's token (123456:ABC…)", stop)
        return
    try:
        if await _met(parts, Backoff(stop)):
            await _work(parts, stop)
    finally:
        await parts.close()


async def _work(parts: "Parts", stop: asyncio.Event) -> None:
    beside = [
        asyncio.create_task(work)
        for work in (_introduce_and_beat(parts, stop), _pulse(parts), parts.renewal.run())
    ]
    try:
        await _take_updates(parts, stop)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _take_updates(parts: "Parts", stop: asyncio.Event) -> None:
    bot, dispatcher, settings = parts.bot, parts.dispatcher, parts.services.settings
    kinds = dispatcher.resolve_used_update_types()

    async def handle(update: Update) -> object:
        parts.services.metrics.add("clicker_bot_updates_total", update.event_type)
        return await dispatcher.feed_update(bot, update)

    if by_webhook(settings):
        if not await _until_done(lambda: begin_webhook(parts), parts, Backoff(stop)):
            return
        host = "0.0.0.0" if settings.production else "127.0.0.1"  # noqa: S104 - behind the proxy, in a container
        await Webhook(bot, handle, settings.webhook_secret, stop).run(host, webhook_port(settings))
    else:
        await _end_webhook(bot)
        await Poller(bot, handle, kinds, stop).run()


async def begin_webhook(parts: "Parts") -> None:
    """Has Telegram call us. Raises AiogramError."""
    settings = parts.services.settings
    kinds = parts.dispatcher.resolve_used_update_types()
    await parts.bot.set_webhook(
        webhook_url(settings),
        secret_token=settings.webhook_secret,
        allowed_updates=kinds,
        max_connections=CONNECTIONS,
    )


def by_webhook(settings: Settings) -> bool:
    return bool(settings.public_url and settings.webhook_secret)


def webhook_url(settings: Settings) -> str:
    return settings.public_url.rstrip("/") + PATH


def webhook_port(settings: Settings) -> int:
    """The web process has PORT; they may be on one machine."""
    return settings.port + 1


async def _end_webhook(bot: Bot) -> None:
    """One that was set earlier keeps us from polling. What waits for it is not dropped."""
    with suppress(AiogramError):  # the poller says what is wrong, and tries again
        if (await bot.get_webhook_info()).url:
            await bot.delete_webhook()


async def _met(parts: "Parts", backoff: Backoff) -> bool:
    """Waits until Telegram knows us. False if the bot was stopped before."""

    async def meet() -> None:
        me = await parts.bot.me()
        await parts.game.meet(me.username or "")
        log.info("here as @%s", me.username)

    return await _until_done(meet, parts, backoff)


async def _until_done(call: Callable[[], Awaitable[None]], parts: "Parts", backoff: Backoff) -> bool:
    """Tries again and again. False if the bot was stopped before."""
    trouble = Trouble("Telegram takes it now")
    while not backoff.stopped:
        try:
            await call()
        except AiogramError as error:
            pause_s = backoff.pause_s(getattr(error, "retry_after", 0))
            if not isinstance(error, telegram.AWAY):  # of which the outlet tells
                trouble.tell(
                    type(error).__name__, f"not started: {telegram.described(error, parts.bot.token)}"
                )
            await backoff.wait(pause_s)
        else:
            trouble.over()
            return True
    return False


async def _introduce_and_beat(parts: "Parts", stop: asyncio.Event) -> None:
    """The heartbeat begins when the introduction is made, so that a bot that is seen alive is complete."""
    await profile.introduce(parts.bot, parts.game.links.play, Backoff(stop))
    if stop.is_set():
        return
    log.info("ready")
    while True:
        try:
            await parts.bridge(parts.services.redis.set, Keys.alive("bot"), 1, ex=ALIVE_KEPT_S)
        except (StoreError, TimeoutError) as error:
            log.warning("no heartbeat: %s", type(error).__name__)
        await asyncio.sleep(BEAT_S)


async def _pulse(parts: "Parts") -> None:
    """Once a second: follow the pace, tell what waits for Telegram."""
    process = f"{socket.gethostname()}:{os.getpid()}"
    turns, services = parts.outlet.turns, parts.services
    services.metrics.begin("bot")
    services.metrics.feels.append(
        lambda: {("clicker_circuit_open", "telegram"): float(parts.outlet.breaker.open)}
    )
    while True:
        counted = dict(turns.counted)
        try:
            await parts.bridge(services.pace.follow)
            await parts.bridge(services.outbox.report, process, turns.waiting, turns.longest_s, counted)
            await parts.bridge(services.metrics.publish)
        except (StoreError, TimeoutError) as error:
            log.debug("no pulse: %s", type(error).__name__)
        else:
            turns.counted.subtract(counted)
        await asyncio.sleep(PULSE_S)


async def _say_until_stopped(line: str, stop: asyncio.Event) -> None:
    while not stop.is_set():
        log.error(line)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _NOT_A_TOKEN_S)
