"""Counting taps, and keeping the two stores in step."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime

from clicker.clock import Clock, to_ms, utc
from clicker.errors import Blocked, ClickerError, NoSession, Overloaded, SessionPaused, UsernameRequired
from clicker.leaderboard.service import LeaderboardService
from clicker.pace.service import PaceService
from clicker.sessions.service import SessionsService
from clicker.sessions.token import Claims
from clicker.settings import Settings
from clicker.taps.history import LedgerHistory
from clicker.taps.ledger import LedgerTaps
from clicker.taps.rules import Answer, stored_answer
from clicker.taps.store import HotTaps, Remembered

FLUSHED_AT_ONCE = 2000
"""Sessions in one transaction of the flush: large enough to be fast, small enough not to hold up a tap."""
SHARDS_FLUSHED_AT_ONCE = 2
"""While Postgres writes one, the hot store reads another."""
REBUILT_AT_ONCE = 5000
MISMATCHES_SHOWN = 20
SUMMED_PIECES = 10
"""Pieces of history that one run of the job puts together: as many rows as 200,000 people who tap leave in a minute."""
OVERDUE_KNOWN_S = 150.0
"""A job runs every minute, in any of the workers."""
_REFUSALS: dict[str, type[ClickerError]] = {
    "session_paused": SessionPaused,
    "blocked": Blocked,
    "username_required": UsernameRequired,
}


@dataclass(frozen=True)
class Verdict:
    """How the hot store compares with Postgres.

    `mismatches` lists `(player id, clicks in the hot store, clicks in Postgres)`, at most MISMATCHES_SHOWN.
    `history_differs` counts players whose history does not add up to their clicks in Postgres.
    """

    players: int
    hot_total: int
    hot_sum: int
    ledger_sum: int
    unflushed: int
    mismatched: int
    mismatches: list[tuple[int, int, int]]
    history_differs: int

    @property
    def agree(self) -> bool:
        return (
            self.mismatched == self.history_differs == 0 and self.hot_sum == self.hot_total == self.ledger_sum
        )


@dataclass(slots=True)
class Counted:
    """What this process has counted since it started."""

    batches: int = 0
    accepted: int = 0
    deferred: int = 0
    replays: int = 0
    minutes_summarised: int = 0
    """Minutes whose clicks are history of a later one, because no flush came while they lasted."""


@dataclass(frozen=True)
class Lag:
    """How far Postgres is behind: sessions that wait for the flush, and since when the oldest of them may wait."""

    sessions: int
    seconds: float


class TapsService:
    """Use cases of the room."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        hot: HotTaps,
        ledger: LedgerTaps,
        history: LedgerHistory,
        pace: PaceService,
        leaderboard: LeaderboardService,
        sessions: SessionsService,
    ) -> None:
        self.settings, self.clock, self.hot, self.ledger = settings, clock, hot, ledger
        self.history, self.pace, self.leaderboard, self.sessions = history, pace, leaderboard, sessions
        self.counted = Counted()
        self._overdue = (0.0, 0.0)

    def tap(self, claims: Claims, delta: int, sequence: int) -> Answer:
        """Counts a batch of `delta` taps under `sequence`, once.

        `delta` and `sequence` are within the limits of `rules`. A sequence that is not greater than the last one
        of the session is a replay and counts nothing. Raises NoSession, SessionPaused, Blocked, UsernameRequired.
        """
        answer = self._count(claims, delta, sequence)
        if answer is None:
            self.sessions.recover(claims)
            answer = self._count(claims, delta, sequence)
        if answer is None:
            raise NoSession
        return answer

    def flush(self) -> int:
        """Copies what changed into Postgres until nothing is left that was there at the start.

        Returns how many sessions were written. Safe at any time, any number of times, and against any crash:
        marks are only taken off after the commit, and what changes meanwhile is marked anew.
        """
        began = self.clock()
        waiting, before_ms = self.hot.lag()
        if waiting and before_ms:
            self.counted.minutes_summarised += max(0, int(began // 60) - before_ms // 60_000 - 1)
        with ThreadPoolExecutor(SHARDS_FLUSHED_AT_ONCE) as pool:
            parts = [
                pool.submit(copy_context().run, self._flush_shard, k) for k in self.hot.keys.all_shards()
            ]
        flushed = sum(part.result() for part in parts)
        self.hot.set_flushed(to_ms(began))
        return flushed

    def _flush_shard(self, k: int) -> int:
        flushed = 0
        for _ in range(1 + self.hot.dirty() // FLUSHED_AT_ONCE):
            claim, refused = self.ledger.write(k, lambda: self.hot.claim(k, FLUSHED_AT_ONCE), self._now())
            self.hot.release(k, claim, refused)
            flushed += len(claim.rows) - len(refused)
            if len(claim.rows) < FLUSHED_AT_ONCE:
                break
        return flushed

    def lag(self) -> Lag:
        """Counted from the beginning of the last complete flush: what came before it is in Postgres."""
        waiting, flushed_ms = self.hot.lag()
        behind = waiting and flushed_ms
        return Lag(waiting, max(0.0, self.clock() - flushed_ms / 1000) if behind else 0.0)

    def ready(self) -> bool:
        """True if the hot store holds what Postgres remembers."""
        return self.hot.ready()

    def rebuild(self, progress: Callable[[int], object] = lambda count: None) -> int:
        """Fills the hot store from Postgres, never lowering a count, and marks it ready. Returns the players seen.

        `progress` is told the size of each piece. Raises Overloaded if the store was filled for another SHARDS.
        """
        if self.hot.reshaped():
            raise Overloaded(
                "The hot store was filled for another number of SHARDS: flush it, empty it, try again."
            )

        def put_back(rows: list[Remembered]) -> None:
            self._put_back(rows)
            progress(len(rows))

        self.hot.put_back_blocked(self.ledger.blocked())
        players = self.ledger.each(REBUILT_AT_ONCE, put_back)
        self.hot.put_back_forgotten(self.ledger.forgotten())
        self.hot.set_ready()
        self.hot.set_flushed(to_ms(self.clock()))
        return players

    def count(self) -> int:
        """How many players Postgres knows."""
        return self.ledger.count()

    def seed(self, rows: list[Remembered]) -> None:
        """Writes made-up players into both stores."""
        self.ledger.seed(rows, self._now())
        self._put_back(rows)

    def sum_up_history(self) -> int:
        """Puts old minutes and hours of the history together. Returns how many rows are gone."""
        gone = self.history.sum_up(self._now(), SUMMED_PIECES)
        self._overdue = (self.clock(), self.history.overdue_s(self._now()))
        return gone

    def history_overdue_s(self) -> float | None:
        """For how long the oldest minute should have been put together; None where the job has not run lately."""
        at, overdue_s = self._overdue
        return overdue_s if self.clock() - at < OVERDUE_KNOWN_S else None

    def verify(self) -> Verdict:
        """Compares every player's clicks, and the sums, in both stores, and the history with the clicks."""
        players, mismatched = 0, 0
        mismatches: list[tuple[int, int, int]] = []
        for rows in self.ledger.players(REBUILT_AT_ONCE):
            hot = self.hot.clicks_of([row.player for row in rows])
            differ = [
                (row.player, here, row.clicks)
                for row, here in zip(rows, hot, strict=True)
                if here != row.clicks
            ]
            players, mismatched = players + len(rows), mismatched + len(differ)
            mismatches += differ[: MISMATCHES_SHOWN - len(mismatches)]
        forgotten = self.hot.forgotten()
        return Verdict(
            players=players,
            hot_total=self.hot.total(),
            hot_sum=self.hot.board_sum() + forgotten,
            ledger_sum=self.ledger.total() + self.ledger.forgotten(),
            unflushed=self.hot.dirty(),
            mismatched=mismatched,
            mismatches=mismatches,
            history_differs=self.history.different(),
        )

    def _count(self, claims: Claims, delta: int, sequence: int) -> Answer | None:
        now, level = to_ms(self.clock()), self.pace.current().level
        k = self.hot.keys.shard(claims.player)
        others = self.leaderboard.other_shards_total(k)
        rates = (self.settings.tap_rate, self.settings.tap_burst)
        answer = self.hot.tap(claims.player, claims.session, [delta, sequence, now, *rates, others, level])
        if answer[0] == 1:
            _, accepted, deferred, mine, everyone = answer
            self.leaderboard.learn(k, everyone - others)
            self.counted.batches += 1
            self.counted.accepted += accepted
            self.counted.deferred += deferred
            return Answer(mine, everyone, accepted, deferred, sequence, level)
        if answer[0] == 2:
            _, stored, mine, everyone, deferred = answer
            self.counted.replays += 1
            late = Answer(mine, everyone, 0, deferred, sequence, level, replay=True)
            return stored_answer(stored, sequence, now) or late
        if answer[1] in _REFUSALS:
            raise _REFUSALS[answer[1]]
        return None

    def _now(self) -> datetime:
        return utc(to_ms(self.clock()))

    def _put_back(self, rows: list[Remembered]) -> None:
        for k in self.hot.keys.all_shards():
            mine = [row for row in rows if self.hot.keys.shard(row.player) == k]
            if mine:
                self.hot.put_back(k, mine)
