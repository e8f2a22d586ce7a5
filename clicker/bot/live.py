"""What handlers do with live messages: begin one, ask for news, leave it. The renewing is in `renewal.py`."""

import asyncio
from hashlib import blake2s

from clicker.bot import screens
from clicker.bot.bridge import Bridge
from clicker.bot.game import Glance
from clicker.bot.links import Links
from clicker.bot.screens import Screen
from clicker.live.rules import Phase, Row
from clicker.live.service import LiveService


def content(glance: Glance, phase: Phase, links: Links) -> Screen:
    """What a live message shows, without the time."""
    render = screens.paused if phase is Phase.PAUSED else screens.welcome
    return render(glance.player, glance.standing, glance.board, links.of(glance.player.id))


def digest(screen: Screen) -> str:
    """Equal for equal contents."""
    keyboard = screen.keyboard.model_dump_json(exclude_none=True) if screen.keyboard else ""
    return blake2s(f"{screen.text}\n{keyboard}".encode(), digest_size=8).hexdigest()


class Live:
    """Asynchronous use of the service. Raises what the hot store raises, and TimeoutError."""

    def __init__(self, service: LiveService, bridge: Bridge) -> None:
        self._service, self._bridge = service, bridge
        self.asked = asyncio.Event()
        """Set when this process has something to renew ahead of its turn."""

    async def begin(self, chat: int, message_id: int, shown: Screen, glance: Glance) -> None:
        """The message that shows this (without the time) is live from now on.

        The one that was it before is put to rest by the renewal, also if this process dies now.
        """
        phase = Phase.ACTIVE if glance.presence == "active" else Phase.IDLE
        before = await self._bridge(
            self._service.show, chat, message_id, digest(shown), phase, glance.player.clicks
        )
        if before:
            self.asked.set()

    async def is_live(self, chat: int, message_id: int) -> Row | None:
        """The live message, if it is this one."""
        row = await self._bridge(self._service.find, chat)
        return row if row and row.message_id == message_id else None

    async def ask(self, chat: int) -> None:
        """Its live message, if it has one, shows news as soon as the limits let it."""
        await self._bridge(self._service.ask, chat)
        self.asked.set()

    async def leave(self, chat: int, message_id: int = 0) -> None:
        """The chat's live message (only this one, if given) becomes something else."""
        await self._bridge(self._service.stop, chat, message_id)
