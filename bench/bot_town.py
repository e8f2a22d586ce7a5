"""A strict sandbox in this process, with thousands of chats that have a live message, and real bots beside it."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from clicker import wiring
from clicker.live.rules import Phase
from clicker.settings import SANDBOX_TOKEN, Settings
from clicker.stores import embedded, schema
from clicker.wiring import Services
from sandbox.live import Live
from sandbox.messages import compose
from sandbox.parts import Parts
from sandbox.server import build_app
from tests.processes import Process, free_port

FIRST_PLAYER = 3_000_000
READY_S = 30


class Ears(Live):
    """Hears of every change in every chat."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: dict[int, list[Callable[[], None]]] = defaultdict(list)

    def tell(self, chat_id: int) -> None:
        super().tell(chat_id)
        for listener in list(self.heard.get(chat_id, ())):
            listener()


@dataclass
class Town:
    """What the load drives and what is measured."""

    parts: Parts
    services: Services
    messages: dict[int, int] = field(default_factory=dict)
    """The live message of each chat that was there from the beginning."""
    bots: list[Process] = field(default_factory=list)

    @property
    def ears(self) -> Ears:
        assert isinstance(self.parts.live, Ears)
        return self.parts.live

    async def until(self, chat: int, look: Callable[[], Any], seconds: float = 60) -> Any:
        """Waits until something in the chat makes `look()` true, and returns that. Raises TimeoutError."""
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def listen() -> None:
            if not found.done() and (seen := look()):
                found.set_result(seen)

        self.ears.heard[chat].append(listen)
        try:
            listen()
            return await asyncio.wait_for(found, seconds)
        finally:
            self.ears.heard[chat].remove(listen)


@contextmanager
def stores(folder: Path, database_url: str = "") -> Iterator[Services]:
    """A real, empty hot store, and a Postgres of its own too unless one is given."""
    with ExitStack() as stack:
        database_url = database_url or stack.enter_context(embedded.postgres(folder / "postgres"))
        valkey = stack.enter_context(embedded.valkey(folder / "valkey"))
        settings = Settings(database_url=database_url, redis_url=valkey.url, rq_redis_url=valkey.url)
        services = wiring.build(settings)
        schema.upgrade()
        services.taps.rebuild()
        yield services


@asynccontextmanager
async def town(
    services: Services, chats: int, folder: Path, outbox: bool = True, bots: int = 1
) -> AsyncIterator[Town]:
    """A sandbox with so many live chats, and bots that have introduced themselves.

    One bot polls; several share a webhook. `outbox` False: they know no limits.
    """
    parts = Parts(token=SANDBOX_TOKEN, play_url="http://127.0.0.1:8000/")
    parts.live = Ears()
    built = Town(parts, services)
    populate(built, chats)
    port = free_port()
    runner = web.AppRunner(build_app(parts), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    environment = _environment(services, port, outbox) | (_webhook() if bots > 1 else {})
    built.bots = [
        Process([sys.executable, "bot.py"], environment, folder / f"bot{number}.log").start()
        for number in range(bots)
    ]
    delivering = asyncio.create_task(parts.webhook.deliver(parts.updates))
    try:
        await _introduced(built)
        yield built
    finally:
        delivering.cancel()
        parts.updates.close()
        parts.live.close()
        await asyncio.gather(*(asyncio.to_thread(bot.stop) for bot in built.bots))
        await runner.cleanup()


def populate(town: Town, chats: int) -> None:
    """Players with a username, each with a chat in which a live message was just shown."""
    services, parts = town.services, town.parts
    for player in range(FIRST_PLAYER, FIRST_PLAYER + chats):
        services.players.hot.put_profile(player, "Zoe", "en")
        services.players.hot.put_username(player, f"zoe_{player}")
        chat = parts.state.chat(player)
        chat.open = True
        message = compose(parts, chat, parts.bot_user(), {"text": "seeded"})
        town.messages[player] = message["message_id"]
        services.live.show(player, message["message_id"], "", Phase.IDLE, 0)


def _environment(services: Services, port: int, outbox: bool) -> dict[str, str]:
    settings = services.settings
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SANDBOX_PORT": str(port),
        "SANDBOX_LIMITS": "strict" if outbox else "off",
        "BOT_TOKEN": "",
        "LOG_FORMAT": "text",
    }


def _webhook() -> dict[str, str]:
    port = free_port()
    return {
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_SECRET": "of-this-bench",
        "PORT": str(port - 1),
    }


async def _introduced(town: Town) -> None:
    begun = time.monotonic()
    while town.parts.calls["setChatMenuButton"] < len(town.bots):
        for bot in town.bots:
            assert bot.alive, f"see {bot.log}"
            assert time.monotonic() - begun < READY_S, f"see {bot.log}"
        await asyncio.sleep(0.05)
