"""Counts in Postgres: writing what the flush claimed, and reading it back for the rebuild."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from peewee import DataError

from clicker.stores import ledger_lock
from clicker.stores.postgres import connection, database
from clicker.taps.history import grown
from clicker.taps.store import Claim, Claimed, Remembered

log = logging.getLogger(__name__)
_UNSTORABLE = (DataError, ValueError)
"""What a value raises that Postgres, or its driver, can't take."""


def numbers(values: Iterable[int]) -> str:
    """Postgres' own notation for an array of whole numbers: ten times quicker than having the driver write it."""
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Iterable[str]) -> str:
    """The same for an array of texts, as "8.15.6. Array Input and Output Syntax" of Postgres' manual has it."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


_FORGOTTEN = "SELECT SUM(value) FROM counter WHERE name = 'forgotten' OR starts_with(name, 'forgotten:')"
_PLAYERS = grown("""
INSERT INTO player (id, clicks, first_name, language)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])
ON CONFLICT (id) DO UPDATE SET clicks = GREATEST(player.clicks, EXCLUDED.clicks),
    first_name = EXCLUDED.first_name, language = EXCLUDED.language, updated_at = now()
""")
_SEEDED = grown("""
INSERT INTO player (id, clicks, username, username_key, first_name, language)
SELECT i, c, u, lower(u), f, l
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[]) AS t (i, c, u, f, l)
ON CONFLICT (id) DO UPDATE SET clicks = GREATEST(player.clicks, EXCLUDED.clicks)
""")
_SESSIONS = """
INSERT INTO session (id, player_id, state, acknowledged_sequence, deferred, opened_at)
SELECT id, player, state, sequence, deferred, to_timestamp(opened / 1000.0)
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::bigint[])
    AS t (id, player, state, sequence, deferred, opened)
ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, deferred = EXCLUDED.deferred, updated_at = now(),
    acknowledged_sequence = GREATEST(session.acknowledged_sequence, EXCLUDED.acknowledged_sequence)
"""


class LedgerTaps:
    def write(self, k: int, take: Callable[[], Claim], now: datetime) -> tuple[Claim, list[str]]:
        """Runs `take()` and writes what it claims, in one transaction under the flush lock of shard `k`.

        Absolute values are written and clicks never go down, so that doing it twice changes nothing; by how much they
        went up is history, of the minute of `now` (UTC). Returns the claim, and the ids of sessions in it that can't
        be written.
        """
        with connection(), database.atomic():
            ledger_lock.wait_for_part(ledger_lock.FLUSH, k)
            claim, refused = take(), []
            try:
                with database.atomic():
                    self._write_all(claim.rows, now)
            except _UNSTORABLE:
                refused = [row.session for row in claim.rows if not self._written(row, now)]
        return claim, refused

    def players(self, chunk: int) -> Iterator[list[Remembered]]:
        """All players, in pieces of `chunk`, in the order of their ids."""
        last = -1
        while rows := self._players_after(last, chunk):
            yield rows
            last = rows[-1].player

    def each(self, chunk: int, work: Callable[[list[Remembered]], object]) -> int:
        """Runs `work` on all players, in pieces, each under the flush lock: nobody is forgotten between reading a
        piece and working on it. Returns how many there were."""
        last, seen = -1, 0
        while True:
            with connection(), database.atomic():
                ledger_lock.wait(ledger_lock.FLUSH)
                rows = self._select(last, chunk)
                work(rows)
            if not rows:
                return seen
            last, seen = rows[-1].player, seen + len(rows)

    def blocked(self) -> list[int]:
        """Ids of blocked players."""
        with connection():
            return [row[0] for row in database.execute_sql("SELECT player_id FROM block").fetchall()]

    def count(self) -> int:
        """How many players there are."""
        with connection():
            return int(database.execute_sql("SELECT count(*) FROM player").fetchone()[0])

    def forgotten(self) -> int:
        """Clicks of deleted players."""
        with connection():
            row = database.execute_sql(_FORGOTTEN).fetchone()
        return int(row[0] or 0)

    def total(self) -> int:
        """Sum of the clicks of all players."""
        with connection():
            return int(database.execute_sql("SELECT COALESCE(SUM(clicks), 0) FROM player").fetchone()[0])

    def seed(self, players: list[Remembered], now: datetime) -> None:
        """Writes made-up players, as fast as one statement can; their clicks are history of `now`."""
        rows = ((row.player, row.clicks, row.username, row.first_name, row.language) for row in players)
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            database.execute_sql(_SEEDED, [numbers(columns[0]), *columns, now])

    def _written(self, row: Claimed, now: datetime) -> bool:
        """Writes one session alone, when a piece was refused: one that Postgres can't hold must not stop the others."""
        try:
            with database.atomic():
                self._write_all([row], now)
        except _UNSTORABLE as error:
            log.error("session %s can't be flushed: %s", row.session, type(error).__name__)
            return False
        return True

    def _write_all(self, rows: list[Claimed], now: datetime) -> None:
        if not rows:
            return
        self._write_players(rows, now)
        self._write_sessions(rows)

    def _write_players(self, rows: list[Claimed], now: datetime) -> None:
        newest: dict[int, Claimed] = {}
        for row in rows:
            if row.player not in newest or row.clicks > newest[row.player].clicks:
                newest[row.player] = row
        players = sorted(newest.values(), key=lambda row: row.player)
        ids = numbers(p.player for p in players)
        clicks, names = numbers(p.clicks for p in players), texts(p.first_name for p in players)
        languages = texts(p.language for p in players)
        database.execute_sql(_PLAYERS, [ids, ids, clicks, names, languages, now])

    def _write_sessions(self, rows: list[Claimed]) -> None:
        columns = [
            texts(row.session for row in rows),
            numbers(row.player for row in rows),
            texts(row.state for row in rows),
            numbers(row.sequence for row in rows),
            numbers(row.deferred for row in rows),
            numbers(row.opened for row in rows),
        ]
        database.execute_sql(_SESSIONS, columns)

    def _players_after(self, last: int, chunk: int) -> list[Remembered]:
        with connection():
            return self._select(last, chunk)

    def _select(self, last: int, chunk: int) -> list[Remembered]:
        cursor = database.execute_sql(
            "SELECT id, clicks, COALESCE(username, ''), first_name, language FROM player"
            " WHERE id > %s ORDER BY id LIMIT %s",
            (last, chunk),
        )
        return [Remembered(*row) for row in cursor.fetchall()]
