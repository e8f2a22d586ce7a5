"""The game as the bot sees it: what the rooms' services know and do, one thread hop a question."""

from contextlib import suppress
from dataclasses import dataclass, replace

from aiogram.types import User

from clicker import i18n
from clicker.bot.bridge import Bridge
from clicker.bot.links import Links
from clicker.leaderboard.rules import Board, Standing
from clicker.players.rules import Player
from clicker.stores.redis import Error as StoreError
from clicker.wiring import Services

IDEAS = 3
"""Suggested usernames at once: one a row, and all of them above the fold."""


@dataclass(frozen=True)
class Glance:
    """All that the screens show, read at one moment."""

    player: Player
    standing: Standing
    board: Board
    presence: str = ""
    """The state of the player's newest session: active, paused, closed, or empty without any."""


class Game:
    """Asynchronous use of the services. Raises what they raise, and TimeoutError."""

    def __init__(self, services: Services, bridge: Bridge) -> None:
        self._services, self._bridge = services, bridge
        settings = services.settings
        # Telegram itself opens https only; its refusal of the button would cost the player the whole message.
        openable = bool(settings.api_base) or settings.play_url.startswith("https://")
        self.links = Links(settings.play_url if openable else "")

    async def meet(self, bot: str) -> None:
        """Learns the bot's own username, which invite links need, the Mini App's too."""
        self.links = replace(self.links, bot=bot)
        with suppress(StoreError, TimeoutError):  # it stays known there from the start before
            await self._bridge(self._services.outbox.introduce, bot)

    async def arrived(self, user: User) -> tuple[Player | None, bool]:
        """The player, None if the game does not know them (any more), and whether their language is another now."""
        return await self._bridge(self._arrived, user)

    async def greet(self, user: User) -> Player:
        """Meets the user, or renews what Telegram says of them."""
        return await self._bridge(
            self._services.players.greet, user.id, user.first_name, user.language_code or ""
        )

    async def glance(self, user: User) -> Glance:
        """The player's numbers now, and a board that is at most a second older."""
        return await self._bridge(self._glance, user)

    async def look(self, player: int) -> Glance | None:
        """The same without the player being here; None if they have no username (any more)."""
        return await self._bridge(self._look, player)

    async def resume(self, player: int) -> bool:
        """The player's newest session goes on. False if there is none."""
        return await self._bridge(self._services.sessions.resume_newest, player)

    async def board(self) -> Board:
        """The board, at most one refresh interval old."""
        return await self._bridge(self._services.leaderboard.top)

    async def ideas(self, user: User, besides: list[str]) -> list[str]:
        """Free usernames to suggest, none of `besides`."""
        found = await self._bridge(
            self._services.players.suggestions, user.first_name, user.username or "", IDEAS + len(besides)
        )
        return [name for name in found if name not in besides][:IDEAS]

    async def choose_username(self, user: User, raw: str) -> str:
        """Gives the user this username. Raises BadUsername, UsernameTaken or Blocked."""
        return await self._bridge(self._choose_username, user.id, raw)

    async def assign_username(self, user: User) -> str:
        """Gives the user a generated username."""
        return await self._bridge(self._assign_username, user.id)

    async def forget(self, user: User) -> None:
        """Deletes all that the game holds of the user."""
        await self._bridge(self._services.players.forget, user.id)

    def _choose_username(self, player: int, raw: str) -> str:
        self._services.players.may_play(
            player
        )  # somebody who deleted their data is not known, but still blocked
        return self._services.players.choose_username(player, raw)

    def _assign_username(self, player: int) -> str:
        self._services.players.may_play(player)
        return self._services.players.assign_username(player)

    def _glance(self, user: User) -> Glance:
        return self._seen(self._services.players.greet(user.id, user.first_name, user.language_code or ""))

    def _arrived(self, user: User) -> tuple[Player | None, bool]:
        services, language = self._services, i18n.pick(user.language_code)
        services.outbox.find(user.id)
        services.live.see(user.id)
        player = services.players.get(user.id)
        if player and player.chose_language:
            return player, False
        if language == (player.language if player else i18n.DEFAULT):
            return player, False
        if player:
            player = services.players.greet(user.id, user.first_name, language)
        return player, True

    def _look(self, player: int) -> Glance | None:
        known = self._services.players.get(player)
        return self._seen(known) if known and known.username else None

    def _seen(self, player: Player) -> Glance:
        services = self._services
        standing = services.leaderboard.standing(player.clicks)
        return Glance(player, standing, services.leaderboard.top(), services.sessions.presence(player.id))
