"""A strict sandbox in this process, with thousands of chats that have a live message, and a real bot beside it."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
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
def stores(folder: Path) -> Iterator[Services]:
    """Real, empty stores."""
    with embedded.postgres(folder / "postgres") as database_url, embedded.valkey(folder / "valkey") as valkey:
        settings = Settings(database_url=database_url, redis_url=valkey.url, rq_redis_url=valkey.url)
        services = wiring.build(settings)
        schema.upgrade()
        services.taps.rebuild()
        yield services


@asynccontextmanager
async def town(services: Services, chats: int, folder: Path, outbox: bool = True) -> AsyncIterator[Town]:
    """A sandbox with so many live chats, and a bot that has introduced itself. `outbox` False: it knows no limits."""
    parts = Parts(token=SANDBOX_TOKEN, play_url="http://127.0.0.1:8000/")
    parts.live = Ears()
    built = Town(parts, services)
    populate(built, chats)
    port = free_port()
    runner = web.AppRunner(build_app(parts), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    bot = Process([sys.executable, "bot.py"], _environment(services, port, outbox), folder / "bot.log")
    bot.start()
    try:
        await _introduced(parts, bot)
        yield built
    finally:
        parts.updates.close()
        parts.live.close()
        await asyncio.to_thread(bot.stop)
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


async def _introduced(parts: Parts, bot: Process) -> None:
    begun = time.monotonic()
    while not parts.calls["setChatMenuButton"]:
        assert bot.alive, f"see {bot.log}"
        assert time.monotonic() - begun < READY_S, f"see {bot.log}"
        await asyncio.sleep(0.05)
