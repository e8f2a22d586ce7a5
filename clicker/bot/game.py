"""The game as the bot sees it: what the rooms' services know and do, one thread hop a question."""

from dataclasses import dataclass

from aiogram.types import User

from clicker.bot.bridge import Bridge
from clicker.leaderboard.rules import Board, Standing
from clicker.players.rules import Player
from clicker.wiring import Services

IDEAS = 3
"""Suggested usernames at once: one a row, and all of them above the fold."""


@dataclass(frozen=True)
class Glance:
    """All that the screens show, read at one moment."""

    player: Player
    standing: Standing
    board: Board


class Game:
    """Asynchronous use of the services. Raises what they raise, and TimeoutError."""

    def __init__(self, services: Services, bridge: Bridge) -> None:
        self._services, self._bridge = services, bridge
        settings = services.settings
        # Telegram itself opens https only; its refusal of the button would cost the player the whole message.
        openable = bool(settings.api_base) or settings.play_url.startswith("https://")
        self.play_url = settings.play_url if openable else ""

    async def player(self, player: int) -> Player | None:
        """The player, or None if the game does not know them (any more)."""
        return await self._bridge(self._services.players.get, player)

    async def greet(self, user: User) -> Player:
        """Meets the user, or renews what Telegram says of them."""
        return await self._bridge(
            self._services.players.greet, user.id, user.first_name, user.language_code or ""
        )

    async def glance(self, user: User) -> Glance:
        """The player's numbers now, and a board that is at most a second older."""
        return await self._bridge(self._glance, user)

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
        """Gives the user this username. Raises BadUsername or UsernameTaken."""
        return await self._bridge(self._services.players.choose_username, user.id, raw)

    async def assign_username(self, user: User) -> str:
        """Gives the user a generated username."""
        return await self._bridge(self._services.players.assign_username, user.id)

    async def forget(self, user: User) -> None:
        """Deletes all that the game holds of the user."""
        await self._bridge(self._services.players.forget, user.id)

    def _glance(self, user: User) -> Glance:
        player = self._services.players.greet(user.id, user.first_name, user.language_code or "")
        standing = self._services.leaderboard.standing(player.clicks)
        return Glance(player, standing, self._services.leaderboard.top())
