"""Past boards in Postgres: one a minute, one an hour of what is older than a week."""

from datetime import datetime
from typing import Any

from clicker.leaderboard.rules import Board, Entry, versioned
from clicker.stores import ledger_lock
from clicker.stores.minutes import thin_out
from clicker.stores.postgres import connection, database

_BOARD = "INSERT INTO board (at, global_clicks) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_PLACES = """
INSERT INTO board_place (at, player_id, rank, clicks)
SELECT %s, id, rank, place.clicks FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS place (id, rank, clicks)
JOIN player USING (id)
"""
_LATEST = "SELECT at, global_clicks FROM board WHERE at <= %s ORDER BY at DESC LIMIT 1"
_OF = """
SELECT rank, COALESCE(username, ''), board_place.clicks FROM board_place LEFT JOIN player ON player.id = player_id
WHERE at = %s ORDER BY rank, player_id
"""


class LedgerBoards:
    def keep(self, at: datetime, places: list[tuple[int, Entry]], global_clicks: int) -> bool:
        """Keeps the board of a minute, as player ids with their entries. False if that minute has one.

        Under the flush lock, so that a player who is being forgotten leaves no place behind.
        """
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            if not database.execute_sql(_BOARD, (at, global_clicks)).rowcount:
                return False
            columns = (
                [player for player, _ in places],
                [e.rank for _, e in places],
                [e.clicks for _, e in places],
            )
            database.execute_sql(_PLACES, (at, *columns))
            return True

    def at(self, when: datetime) -> tuple[datetime, Board] | None:
        """The newest board that is not newer than `when`, and its minute; the usernames are today's."""
        with connection():
            found = database.execute_sql(_LATEST, (when,)).fetchone()
            if not found:
                return None
            entries = [Entry(*row) for row in database.execute_sql(_OF, (found[0],))]
        return found[0], versioned(entries, found[1])

    def thin_out(self, now: datetime) -> int:
        """Takes away what is too old. Returns how many boards."""
        return thin_out("board", now)

    def held(self, player: int) -> dict[str, Any]:
        """The player's places, for the export."""
        with connection():
            cursor = database.execute_sql(
                "SELECT at, rank, clicks FROM board_place WHERE player_id = %s ORDER BY at", (player,)
            )
            return {
                "boardPlaces": [{"at": at.isoformat(), "rank": rank, "clicks": c} for at, rank, c in cursor]
            }

    def forget(self, player: int) -> None:
        """Deletes the player's places, in the present transaction."""
        database.execute_sql("DELETE FROM board_place WHERE player_id = %s", (player,))
