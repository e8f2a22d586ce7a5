"""The board, the global number and standings."""

import threading
from datetime import datetime

from clicker.clock import Clock, to_ms, utc
from clicker.leaderboard.ledger import LedgerBoards
from clicker.leaderboard.rules import Board, Entry, Standing, merge, placed
from clicker.leaderboard.store import BoardStore, Row
from clicker.pace.service import PaceService
from clicker.stores.minutes import minute


class LeaderboardService:
    """Use cases of the room. Keeps the last board and totals of this process."""

    def __init__(self, store: BoardStore, ledger: LedgerBoards, pace: PaceService, clock: Clock) -> None:
        self.store, self.ledger, self.pace, self.clock = store, ledger, pace, clock
        self._reading = threading.Lock()
        self._board: Board | None = None
        self._board_at = 0.0
        self._totals: list[int] = []
        self._totals_at = 0.0

    def top(self) -> Board:
        """The board, at most a tenth of a refresh interval old; one caller reads it anew, the others don't wait."""
        age = self.clock() - self._board_at
        if self._board is not None and (
            0 <= age < self.pace.current().refresh_ms / 10_000 or self._reading.locked()
        ):
            return self._board
        return self.refresh()

    def refresh(self) -> Board:
        """Reads the board now."""
        with self._reading:
            return self._read()

    def everyone(self) -> int:
        """The global number: all that this process has counted, and what others had counted by the last refresh.

        No I/O while `refresh` runs once a refresh interval, as web sees to.
        """
        if not 0 <= self.clock() - self._totals_at < 1 + 2 * self.pace.current().refresh_ms / 1000:
            self._read_totals()
        return sum(self._totals)

    def other_shards_total(self, k: int) -> int:
        """The same without shard `k`."""
        return self.everyone() - self._totals[k]

    def learn(self, k: int, total: int) -> None:
        """Shard `k` was just seen to hold so many clicks."""
        if total > self._totals[k]:
            self._totals[k] = total

    def rank(self, clicks: int) -> int:
        """The rank that this many clicks have: 1 + the number of players with more."""
        return self.store.rank(clicks)

    def standing(self, clicks: int) -> Standing:
        """Rank and neighbours of somebody with this many clicks."""
        above, below = self.store.nearest(clicks)
        return Standing(self.store.rank(clicks), clicks, self._entry(above), self._entry(below))

    def keep(self) -> bool:
        """Keeps the board of this minute in Postgres, and thins out old ones. False if this minute has one."""
        now = utc(to_ms(self.clock()))
        kept = self.ledger.keep(minute(now), placed(self.store.tops()), sum(self.store.totals()))
        self.ledger.thin_out(now)
        return kept

    def at(self, when: datetime) -> tuple[datetime, Board] | None:
        """The board as it was (UTC), with the minute that it is of and today's usernames; None if none is so old."""
        return self.ledger.at(when)

    def _entry(self, row: Row | None) -> Entry | None:
        return Entry(self.store.rank(row[2]), row[1], row[2]) if row else None

    def _read(self) -> Board:
        total = self._read_totals()
        self._board, self._board_at = merge(self.store.tops(), total), self.clock()
        return self._board

    def _read_totals(self) -> int:
        before = list(self._totals)
        totals = self.store.totals()
        for k, known in enumerate(before):
            if self._totals[k] > known:  # counted while we read
                totals[k] = max(totals[k], self._totals[k])
        self._totals, self._totals_at = totals, self.clock()
        return sum(totals)
