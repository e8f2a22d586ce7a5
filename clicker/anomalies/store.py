"""Windows and caps in the hot store; the score and what was decided in Postgres."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from redis import Redis

from clicker.anomalies.models import AnomalyRow
from clicker.anomalies.rules import State, Window
from clicker.stores import ledger_lock
from clicker.stores.keys import Keys
from clicker.stores.postgres import connection, database
from clicker.stores.redis import Script


class HotAnomalies:
    def __init__(self, redis: Redis, keys: Keys) -> None:
        self.keys = keys
        self._take = Script(__package__, "take").bind(redis)
        self._cap = Script(__package__, "cap").bind(redis)

    def take(self, most: int) -> dict[int, Window]:
        """Up to `most` full windows of each shard, by player; they are gone from the hot store."""
        taken: dict[int, Window] = {}
        for k in self.keys.all_shards():
            found = self._take(keys=[self.keys.beats(k)], args=[most])
            taken |= {
                int(player): _window(told) for player, told in zip(found[::2], found[1::2], strict=True)
            }
        return taken

    def cap(self, players: Iterable[int], rate: int | None) -> None:
        """Counts `rate` taps per second of these players; None: as many as of everybody."""
        for player in players:
            key = self.keys.player(self.keys.shard(player), player)
            self._cap(keys=[key], args=["" if rate is None else rate])


class LedgerAnomalies:
    def deciding(self, work: Callable[[], Any]) -> Any:
        """Runs `work` in one transaction, alone among those who decide."""
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.ANOMALIES)
            return work()

    def rows(self, players: list[int]) -> dict[int, AnomalyRow]:
        """What is known of these players."""
        query = AnomalyRow.select().where(AnomalyRow.player_id.in_(players))
        return {row.player_id: row for row in query}

    def known(self, players: list[int]) -> set[int]:
        """Those of these ids that are players."""
        cursor = database.execute_sql("SELECT id FROM player WHERE id = ANY(%s)", (players,))
        return {row[0] for row in cursor}

    def save(self, rows: list[AnomalyRow]) -> None:
        """Writes these rows, new or not."""
        fields = [field for field in AnomalyRow._meta.sorted_fields if not field.primary_key]
        AnomalyRow.insert_many([row.__data__ for row in rows]).on_conflict(
            conflict_target=[AnomalyRow.player_id], preserve=fields
        ).execute()

    def flagged(self) -> list[int]:
        """All flagged players."""
        query = AnomalyRow.select(AnomalyRow.player_id).where(AnomalyRow.state == State.FLAGGED)
        return [row.player_id for row in query]

    def top(self, state: State | None, most: int) -> list[AnomalyRow]:
        """Rows by score, the highest first; of one state or of all."""
        query = AnomalyRow.select().order_by(AnomalyRow.score.desc(), AnomalyRow.player_id).limit(most)
        with connection():
            return list(query.where(AnomalyRow.state == state) if state else query)

    def of_player(self, player: int) -> AnomalyRow | None:
        with connection():
            return AnomalyRow.get_or_none(AnomalyRow.player_id == player)

    def forget(self, player: int) -> None:
        """Deletes a player's row, in the present transaction."""
        ledger_lock.wait(ledger_lock.ANOMALIES)
        AnomalyRow.delete().where(AnomalyRow.player_id == player).execute()

    def remove_settled(self, before: datetime) -> int:
        """Removes rows of players who were merely watched, long ago. Returns how many."""
        old = (AnomalyRow.state == State.WATCHED) & (AnomalyRow.changed_at < before)
        return int(AnomalyRow.delete().where(old).execute())


def _window(told: str) -> Window:
    batches, rapid, dry, taps, ms, energy, since, at = told.split(" ")
    return Window(int(batches), int(rapid), int(dry), int(taps), int(ms), float(energy), int(since), int(at))
