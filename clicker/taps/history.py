"""History in Postgres: how many clicks came to each player, and when. Its rows add up to `player.clicks`, always.

Every statement that changes `player.clicks` writes the difference here, by itself (`grown`); what is old is put
together, minutes to hours and hours to days, and nothing is dropped but with its player.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clicker.stores import ledger_lock
from clicker.stores.postgres import connection, database

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True)
class Step:
    """Rows of `fine_s` seconds that are older than `after` become rows of `coarse_s` seconds."""

    fine_s: int
    coarse_s: int
    after: timedelta


STEPS = (Step(MINUTE_S, HOUR_S, timedelta(hours=3)), Step(HOUR_S, DAY_S, timedelta(days=31)))
SUMMED_AT_ONCE = 20_000
"""Rows in one transaction: a fraction of a second, for which the flush waits."""

_GROWN = """
WITH before AS (SELECT id, clicks FROM player WHERE id = ANY(%s::bigint[])), written AS ({} RETURNING id, clicks)
INSERT INTO history (player_id, at, seconds, clicks)
SELECT id, date_trunc('minute', %s::timestamp), 60, written.clicks - COALESCE(before.clicks, 0)
FROM written LEFT JOIN before USING (id)
WHERE written.clicks > COALESCE(before.clicks, 0) ORDER BY id
ON CONFLICT (player_id, at, seconds) DO UPDATE SET clicks = history.clicks + EXCLUDED.clicks
"""
_SUMMED = """
WITH fine AS (
    DELETE FROM history WHERE (player_id, at, seconds) IN (
        SELECT player_id, at, seconds FROM history WHERE seconds = %s AND at < %s ORDER BY at LIMIT %s)
    RETURNING player_id, at, clicks),
coarse AS (
    INSERT INTO history (player_id, at, seconds, clicks)
    SELECT player_id, to_timestamp(floor(extract(epoch FROM at) / %s) * %s)::timestamp, %s, sum(clicks)
    FROM fine GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (player_id, at, seconds) DO UPDATE SET clicks = history.clicks + EXCLUDED.clicks)
SELECT count(*) FROM fine
"""
_DIFFERENT = """
SELECT count(*) FROM player
FULL JOIN (SELECT player_id AS id, sum(clicks) AS clicks FROM history GROUP BY 1) AS summed USING (id)
WHERE COALESCE(player.clicks, 0) <> COALESCE(summed.clicks, 0)
"""
_OLDEST = "SELECT min(at) FROM history WHERE seconds = %s"
COMPARED_WITHIN_MS = 300_000


def grown(upsert: str) -> str:
    """The statement `upsert`, which writes `player.clicks`, with the difference written to the history as well.

    Its parameters: the players' ids, then those of `upsert`, then the time. One statement: both happen or neither,
    and a second run finds no difference. Only under the flush lock, for then nobody else changes `clicks`.
    """
    return _GROWN.format(upsert)


class LedgerHistory:
    def of(self, player: int) -> list[dict[str, Any]]:
        """A player's rows, oldest first: at, seconds, clicks."""
        with connection():
            cursor = database.execute_sql(
                "SELECT at, seconds, clicks FROM history WHERE player_id = %s ORDER BY at", (player,)
            )
            return [{"at": at, "seconds": seconds, "clicks": clicks} for at, seconds, clicks in cursor]

    def held(self, player: int) -> dict[str, Any]:
        """A player's rows, for the export."""
        return {"history": [{**row, "at": row["at"].isoformat()} for row in self.of(player)]}

    def forget(self, player: int) -> None:
        """Deletes a player's rows, in the present transaction."""
        database.execute_sql("DELETE FROM history WHERE player_id = %s", (player,))

    def different(self) -> int:
        """How many players' rows don't add up to their clicks. Reads both tables whole: minutes with many millions."""
        with connection(), database.atomic():
            database.execute_sql(f"SET LOCAL statement_timeout = {COMPARED_WITHIN_MS}")
            return int(database.execute_sql(_DIFFERENT).fetchone()[0])

    def sum_up(self, now: datetime, pieces: int) -> int:
        """Puts old rows together, at most `pieces` times SUMMED_AT_ONCE. Returns how many fine rows are gone.

        Under the flush lock, so that a player who is being forgotten leaves no row behind.
        """
        summed = 0
        for step in STEPS:
            until = now - step.after
            for _ in range(pieces):
                gone = self._piece(step, until)
                summed += gone
                if gone < SUMMED_AT_ONCE:
                    break
        return summed

    def overdue_s(self, now: datetime) -> float:
        """For how many seconds the oldest minute should have been an hour's by now; 0 if none should."""
        step = STEPS[0]
        with connection():
            oldest = database.execute_sql(_OLDEST, (step.fine_s,)).fetchone()[0]
        return max(0.0, (now - step.after - oldest).total_seconds()) if oldest else 0.0

    def _piece(self, step: Step, until: datetime) -> int:
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            args = (step.fine_s, until, SUMMED_AT_ONCE, step.coarse_s, step.coarse_s, step.coarse_s)
            return int(database.execute_sql(_SUMMED, args).fetchone()[0])
