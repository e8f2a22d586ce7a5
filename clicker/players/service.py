"""Who plays: profile, username, export and deletion."""

import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from random import Random
from typing import Any, Protocol

from clicker.audit.rules import SYSTEM, Action, Actor, player_resource
from clicker.audit.service import AuditService
from clicker.clock import Clock, to_ms
from clicker.errors import BadField, Blocked, NoPlayer, UsernameTaken
from clicker.i18n import LANGUAGES, pick
from clicker.players import rules
from clicker.players.rules import Player
from clicker.players.store import HotPlayers, LedgerPlayers

_SEARCHED = re.compile(r"\w{1,32}", re.ASCII)
ATTEMPTS = 20
"""How many generated usernames are tried before the player's own id serves as one."""


class Keeper(Protocol):
    """A part of another room that keeps something of players."""

    def held(self, player: int) -> dict[str, Any]:
        """What it keeps of the player, JSON-ready, for the export."""

    def forget(self, player: int) -> None:
        """Deletes it, inside the transaction that deletes the player. Doing it twice is harmless."""


class PlayersService:
    """Use cases of the room.

    `random` is the source of suggested names, a parameter so that tests can fix it; `keepers` are asked when a player
    wants their data, or wants it gone. `by` is who acts, for the audit log; by default the player.
    """

    def __init__(
        self,
        hot: HotPlayers,
        ledger: LedgerPlayers,
        random: Random,
        clock: Clock,
        audit: AuditService,
        keepers: Sequence[Keeper],
    ) -> None:
        self.hot, self.ledger, self.random, self.clock = hot, ledger, random, clock
        self.audit, self.keepers = audit, keepers

    def get(self, player: int) -> Player | None:
        """The player, or None if the game has never met them."""
        return self.hot.get(player)

    def known(self, player: int) -> Player:
        """The player. Raises NoPlayer."""
        found = self.hot.get(player)
        if found is None:
            raise NoPlayer
        return found

    def greet(self, player: int, first_name: str, language: str) -> Player:
        """Meets a Telegram user: creates the player or renews name and language, and returns them."""
        self.hot.put_profile(player, rules.clean_name(first_name), pick(language))
        return self.known(player)

    def choose_username(self, player: int, raw: str, by: Actor | None = None) -> str:
        """Gives the player a username and returns it as it will be shown.

        Postgres decides who has it, then the hot store learns the newest; what failed in between can be repeated.
        Raises BadUsername or UsernameTaken.
        """
        username = rules.check_username(raw)
        profile = self.hot.get(player)
        first_name, language = (profile.first_name, profile.language) if profile else ("", "en")
        if not self.ledger.claim_username(player, username, first_name, language):
            raise UsernameTaken
        before = profile.username if profile else ""
        if before != username:  # recorded first: a call that failed here and is repeated is still a change
            action = Action.USERNAME_CHANGED if before else Action.USERNAME_SET
            by = by or Actor.player(player)
            self.audit.record(action, by, player_resource(player), before=before, username=username)
        self.ledger.with_username(player, lambda newest: self.hot.put_username(player, newest))
        return username

    def choose_language(self, player: int, language: str) -> str:
        """From now on the game speaks this language to the player, everywhere, whatever Telegram says. Returns it.

        Raises BadField if it is not one of ours, NoPlayer.
        """
        if language not in LANGUAGES:
            raise BadField("language", "must be " + " or ".join(LANGUAGES))
        if not self.hot.put_language(player, language):
            raise NoPlayer
        self.ledger.put_language(player, language)
        return language

    def suggestions(self, first_name: str, telegram_username: str = "", count: int = 3) -> list[str]:
        """Free usernames to choose from, the most natural first. They may be taken a moment later."""
        ideas = list(islice(rules.username_ideas(first_name, telegram_username, self.random), count * 4))
        taken = self.ledger.taken(ideas)
        free = [name for name in dict.fromkeys(ideas) if rules.username_key(name) not in taken]
        return free[:count]

    def ideas(self, count: int = 8) -> list[str]:
        """Names off the top of the head; not looked up, so one may be taken."""
        return [rules.generated_username(self.random) for _ in range(count)]

    def assign_username(self, player: int) -> str:
        """Gives the player a generated username, so that nobody is stuck at the question. Returns it."""
        for _ in range(ATTEMPTS):
            with suppress(UsernameTaken):
                return self.choose_username(player, rules.generated_username(self.random))
        return self.choose_username(player, f"player_{player}")

    def is_blocked(self, player: int) -> bool:
        """Whether an operator has blocked this player, known or not."""
        return self.hot.is_blocked(player)

    def may_play(self, player: int) -> None:
        """Raises Blocked if an operator has blocked the player."""
        if self.hot.is_blocked(player):
            raise Blocked

    def block(self, player: int, by: Actor = SYSTEM) -> None:
        """Blocks a player, known or not: off the board, and no session opens, goes on or counts a tap until `unblock`.

        Their clicks stay, and so does the block when they delete their data. Doing it twice is harmless.
        """
        self.ledger.block(player, lambda: self.hot.block(player))
        self.audit.record(Action.PLAYER_BLOCKED, by, player_resource(player))

    def unblock(self, player: int, by: Actor = SYSTEM) -> None:
        """Lets a player play again; what their devices kept is counted then."""
        self.ledger.unblock(player, lambda: self.hot.unblock(player, to_ms(self.clock())))
        self.audit.record(Action.PLAYER_UNBLOCKED, by, player_resource(player))

    def search(self, text: str, most: int) -> list[Player]:
        """Players for the operator: of this id, and those whose username begins like this."""
        start, found = text.strip().removeprefix("@"), []
        if start.isdecimal() and len(start) < 19:
            found = [self.hot.get(int(start))]
        if _SEARCHED.fullmatch(start):
            found += self.hot.get_all(self.ledger.search(start, most))
        return [player for player in found if player]

    def get_all(self, players: list[int]) -> dict[int, Player]:
        """Those of these players whom the game knows."""
        return {player.id: player for player in self.hot.get_all(players) if player}

    def blocked(self, most: int) -> list[Player]:
        """Blocked players, the newest block first; those that the game does not know (any more) without a name."""
        ids = self.ledger.blocked(most)
        found = zip(ids, self.hot.get_all(ids), strict=True)
        return [player or Player(id, "", "", "", 0, blocked=True) for id, player in found]

    def find(self, name_or_id: str) -> Player | None:
        """A player by username or id, for the operator."""
        if name_or_id.isdecimal():
            return self.hot.get(int(name_or_id))
        row = self.ledger.find(name_or_id)
        return self.hot.get(row.id) if row else None

    def export(self, player: int, by: Actor | None = None) -> dict[str, Any]:
        """All that we hold of a player, as JSON-ready values; times are ISO 8601 in UTC. Raises NoPlayer."""
        profile = self.known(player)
        row = self.ledger.get(player)
        self.audit.record(Action.DATA_EXPORTED, by or Actor.player(player), player_resource(player))
        return {
            "player": {
                "id": player,
                "username": profile.username or None,
                "firstName": profile.first_name,
                "language": profile.language,
                "clicks": profile.clicks,
                "blocked": profile.blocked,
                "since": row.created_at.isoformat() if row else None,
            },
            "sessions": [
                {
                    name: value.isoformat() if hasattr(value, "isoformat") else value
                    for name, value in session.items()
                }
                for session in self.ledger.sessions(player)
            ],
            **self.audit.held(player),
            **{name: value for keeper in self.keepers for name, value in keeper.held(player).items()},
        }

    def forget(self, player: int, by: Actor | None = None) -> None:
        """Deletes all that we hold of a player. Their taps stay in the global number. Doing it twice is harmless.

        The audit log keeps what was done, without saying by whom; a block stays (docs/privacy.md).
        """
        self.finish_forgetting(player)
        deletion = secrets.token_hex(8)
        self._forget(player, deletion, partial(self.hot.forget, player, deletion), by or Actor.player(player))

    def finish_forgetting(self, only: int | None = None) -> int:
        """Repeats deletions, of one player or all, that the hot store has made and Postgres may have missed.

        Returns how many.
        """
        found = [noted for noted in self.hot.forgetting() if only in (None, noted[1])]
        for deletion, player, clicks in found:
            self._forget(player, deletion, partial(_counted, clicks), SYSTEM)
        return len(found)

    def _forget(self, player: int, deletion: str, remove_hot: Callable[[list[str]], int], by: Actor) -> None:
        def elsewhere() -> None:
            for keeper in self.keepers:
                keeper.forget(player)
            self.audit.forget(player, deletion, by)

        self.audit.before_forgetting()
        self.ledger.forget(player, deletion, remove_hot, elsewhere)
        self.hot.forgotten(player, deletion)


def _counted(clicks: int, _sessions: list[str]) -> int:
    """The hot store has made this deletion, of so many clicks."""
    return clicks
