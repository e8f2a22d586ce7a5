"""Opening, keeping alive, pausing and resuming sessions."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from clicker.audit.rules import Action, Actor
from clicker.audit.service import AuditService
from clicker.clock import Clock, to_ms, utc
from clicker.errors import Blocked, NoSession, Overloaded, SessionPaused
from clicker.i18n import pick
from clicker.leaderboard.service import LeaderboardService
from clicker.pace.service import PaceService
from clicker.players.identity import Identity, check
from clicker.players.rules import Player
from clicker.sessions.store import BLOCKED, HotSessions, LedgerSessions
from clicker.sessions.token import Claims, Tokens
from clicker.settings import Settings

CLOSED_AFTER_S = 24 * 3600
"""A session that was paused for this long is closed, in seconds (contract)."""
REAPED_AT_ONCE = 1000
"""How many sessions of a shard one run of the reaper moves."""
KEPT_DAYS = 90
"""Nobody can go on with a session after 30 days, when its last token ends; it is kept for a while longer, in days."""
REMOVED_AT_ONCE = 5000


@dataclass(frozen=True)
class Opened:
    """A session that can be played in. `deferred`: taps of the acknowledged batch that are still to be sent."""

    token: str
    session: str
    player: Player
    rank: int
    global_clicks: int
    sequence: int
    deferred: int


class SessionsService:
    """Use cases of the room. `on_pause` is told whose sessions the reaper has just paused."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        hot: HotSessions,
        ledger: LedgerSessions,
        leaderboard: LeaderboardService,
        audit: AuditService,
        pace: PaceService,
        on_pause: Callable[[list[int]], None] = lambda players: None,
    ) -> None:
        self.settings, self.clock, self.hot, self.ledger = settings, clock, hot, ledger
        self.leaderboard, self.audit, self.pace, self.on_pause = leaderboard, audit, pace, on_pause
        self.tokens = Tokens(settings.secret_key)

    def claims(self, token: str) -> Claims:
        """Who bears this token, without I/O. Raises NoSession."""
        return self.tokens.check(token, self.clock())

    def identify(self, init_data: str) -> Identity:
        """Whom Telegram's initData names, without I/O. Raises BadInitData or StaleInitData."""
        return check(init_data, self.settings.bot_token, self.clock())

    def open(self, init_data: str) -> Opened:
        """Opens a session for the user whom Telegram's initData names.

        Raises BadInitData, StaleInitData, Blocked, or Overloaded while the hot store is being rebuilt.
        """
        return self.enter(self.identify(init_data))

    def enter(self, identity: Identity, address: str = "") -> Opened:
        """Opens a session for whom `identify` found, who asks from this address.

        Raises Blocked, or Overloaded while the hot store is being rebuilt.
        """
        session = secrets.token_hex(8)
        found = self.hot.open(identity.id, session, identity.first_name[:64], pick(identity.language))
        if found is None:
            raise Overloaded
        username, clicks, language = found
        self.audit.note(Action.SESSION_OPENED, Actor.player(identity.id, address))
        player = Player(identity.id, username, identity.first_name[:64], language, clicks)
        return self._opened(player, session, sequence=0, deferred=0)

    def resume(self, claims: Claims) -> Opened:
        """The session goes on, whether it was paused, closed or never left.

        The answer tells the last acknowledged sequence, so that the client knows what to send again.
        Raises NoSession, Blocked, or Overloaded while the hot store is being rebuilt.
        """
        found = self.hot.resume(claims.player, claims.session)
        if found is None:
            self.recover(claims)
            found = self.hot.resume(claims.player, claims.session)
        if found is None:
            raise NoSession
        player = Player(
            claims.player, found.username, "", pick(found.language or claims.language), found.clicks
        )
        return self._opened(player, claims.session, found.sequence, found.deferred)

    def heartbeat(self, claims: Claims) -> None:
        """Still here. Raises NoSession, SessionPaused or Blocked."""
        state = self.hot.heartbeat(claims.player, claims.session)
        if state is None:
            self.recover(claims)
            state = self.hot.heartbeat(claims.player, claims.session)
        if state == BLOCKED:
            raise Blocked
        if state != "active":
            raise SessionPaused

    def close(self, claims: Claims) -> None:
        """Ends the session; it can still be resumed. Closing an unknown session is no error."""
        self.hot.close(claims.player, claims.session)

    def recover(self, claims: Claims) -> None:
        """Fetches a session that the hot store has lost back from Postgres.

        Raises NoSession if Postgres does not know it either, Overloaded while the hot store is being rebuilt.
        """
        row = self.ledger.get(claims.session)
        if row is None or row.player_id != claims.player:
            raise NoSession
        if not self.hot.restore(row):
            raise Overloaded

    def reap(self) -> tuple[int, int]:
        """Pauses what is idle and closes what was paused for a day. Returns how many of each.

        While load is shed nobody is paused: who was refused at the door is not idle.
        """
        now, deaf = self.clock(), self.pace.follow().level == "shedding"
        idle_since = to_ms(now - self.settings.session_idle_s)
        paused = [] if deaf else self.hot.pause_idle(idle_since, REAPED_AT_ONCE)
        closed = self.hot.close_paused(to_ms(now - CLOSED_AFTER_S), REAPED_AT_ONCE)
        if paused:
            self.on_pause(sorted(set(paused)))
        return len(paused), closed

    def retain(self) -> int:
        """Removes sessions that nobody can go on with any more, a piece of them. Returns how many."""
        before = utc(to_ms(self.clock())) - timedelta(days=KEPT_DAYS)
        return self.ledger.remove(before, REMOVED_AT_ONCE)

    def presence(self, player: int) -> str:
        """`active` if the player has an active session, or else the state of the newest one; empty without any."""
        states = [str(session["state"]) for session in self.hot.of_player(player)]
        return "active" if "active" in states else states[0] if states else ""

    def resume_newest(self, player: int) -> bool:
        """The player's newest session goes on without its token, asked for in the chat. False if there is none."""
        newest = next(iter(self.hot.of_player(player)), None)
        return newest is not None and self.hot.resume(player, newest["id"]) is not None

    def active(self) -> int:
        """How many sessions are active."""
        return self.hot.active()

    def tapping(self, within_s: float) -> int:
        """How many sessions gave a sign of life in the last `within_s` seconds."""
        return self.hot.lively(to_ms(self.clock() - within_s))

    def of_player(self, player: int) -> list[dict[str, Any]]:
        """A player's sessions, newest first: id, state, sequence, opened (Unix ms)."""
        return self.hot.of_player(player)

    def newest(self, limit: int) -> list[tuple[str, float]]:
        """Active session ids with their last sign of life (Unix ms), the freshest first."""
        return self.hot.newest_active(limit)

    def new_ticket(self, claims: Claims) -> str:
        """A ticket for one connection of the live socket: one use, 30 s."""
        ticket = secrets.token_urlsafe(18)
        self.hot.put_ticket(ticket, claims.language)
        return ticket

    def use_ticket(self, ticket: str) -> str:
        """The language of the ticket's bearer. Raises NoSession if it was used, is too old, or was never ours."""
        language = self.hot.take_ticket(ticket) if 0 < len(ticket) <= 64 else None
        if language is None:
            raise NoSession
        return language

    def _opened(self, player: Player, session: str, sequence: int, deferred: int) -> Opened:
        token = self.tokens.issue(player.id, session, player.language, self.clock())
        return Opened(
            token,
            session,
            player,
            self.leaderboard.rank(player.clicks),
            self.leaderboard.everyone(),
            sequence,
            deferred,
        )
