"""Players in the hot store (profile beside the clicks) and in Postgres (who is called what)."""

import re
from collections.abc import Callable
from typing import Any

from peewee import SQL, IntegrityError
from redis import Redis

from clicker.i18n import pick
from clicker.players.models import CounterRow, PlayerRow
from clicker.players.rules import CHOSEN, Player, username_key
from clicker.stores import ledger_lock
from clicker.stores.keys import Keys
from clicker.stores.postgres import connection, database
from clicker.stores.redis import Script

_SEARCH = "SELECT id FROM player WHERE username_key LIKE %s ORDER BY username_key LIMIT %s"
_FIELDS = ("username", "first_name", "language", "clicks")


class HotPlayers:
    """Profiles in the hot store."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self.redis, self.keys = redis, keys
        self._block = Script(__package__, "block").bind(redis)
        self._unblock = Script(__package__, "unblock").bind(redis)
        self._forget = Script(__package__, "forget").bind(redis)
        self._greet = Script(__package__, "greet").bind(redis)
        self._choose_language = Script(__package__, "choose_language").bind(redis)

    def get(self, player: int) -> Player | None:
        return self.get_all([player])[0]

    def get_all(self, players: list[int]) -> list[Player | None]:
        """Several players in one round trip; None where there is none."""
        with self.redis.pipeline(transaction=False) as pipe:
            for player in players:
                k = self.keys.shard(player)
                pipe.hmget(self.keys.player(k, player), _FIELDS)
                pipe.zscore(self.keys.blocked(k), player)
            answers: Any = pipe.execute()
        rows = zip(players, answers[0::2], answers[1::2], strict=True)
        return [_player(player, values, score is not None) for player, values, score in rows]

    def is_blocked(self, player: int) -> bool:
        """Whether the player is blocked, known or not."""
        return self.redis.zscore(self.keys.blocked(self.keys.shard(player)), str(player)) is not None

    def block(self, player: int) -> None:
        """Off the board, and no session counts any more."""
        k, keys = self.keys.shard(player), self.keys
        names = [keys.player(k, player), keys.sessions(k, player), keys.board(k), keys.blocked(k)]
        self._block(
            keys=[*names, keys.seen(k), keys.paused(k), keys.dirty(k)], args=[player, keys.session(k, "")]
        )

    def unblock(self, player: int, now_ms: int) -> None:
        k, keys = self.keys.shard(player), self.keys
        names = [keys.player(k, player), keys.sessions(k, player), keys.board(k), keys.blocked(k)]
        self._unblock(
            keys=[*names, keys.paused(k), keys.dirty(k)], args=[player, keys.session(k, ""), now_ms]
        )

    def put_profile(self, player: int, first_name: str, language: str) -> None:
        """Creates the player or renews what Telegram says of them; clicks and a chosen language are untouched."""
        key = self.keys.player(self.keys.shard(player), player)
        self._greet(keys=[key], args=[first_name, language])

    def put_language(self, player: int, language: str) -> bool:
        """Keeps the language that the player chose. Returns False if there is no such player."""
        key = self.keys.player(self.keys.shard(player), player)
        return bool(self._choose_language(keys=[key], args=[language + CHOSEN]))

    def put_username(self, player: int, username: str) -> None:
        key = self.keys.player(self.keys.shard(player), player)
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.hsetnx(key, "clicks", 0)
            pipe.hset(key, "username", username)
            pipe.execute()

    def forget(self, player: int, deletion: str, sessions: list[str]) -> int:
        """Removes the player with their sessions. Returns their clicks, which stay in the total.

        `sessions` are those that Postgres knows: one that ended may be gone from the player's list before its time.
        The deletion is remembered until `forgotten` is told that Postgres has it.
        """
        k, keys = self.keys.shard(player), self.keys
        names = [keys.player(k, player), keys.sessions(k, player), keys.board(k), keys.seen(k)]
        names += [
            keys.paused(k),
            keys.dirty(k),
            keys.forgotten(k),
            keys.blocked(k),
            keys.forgetting(k),
            keys.beats(k),
        ]
        names.append(keys.traces(k))
        return int(self._forget(keys=names, args=[player, keys.session(k, ""), deletion, *sessions]))

    def forgetting(self) -> list[tuple[str, int, int]]:
        """Deletions that Postgres may not have yet: `(deletion, player, clicks)`."""
        found: list[tuple[str, int, int]] = []
        for k in self.keys.all_shards():
            noted: Any = self.redis.hgetall(self.keys.forgetting(k))
            found += [(deletion, *map(int, note.split())) for deletion, note in noted.items()]
        return found

    def forgotten(self, player: int, deletion: str) -> None:
        """Postgres has this deletion."""
        self.redis.hdel(self.keys.forgetting(self.keys.shard(player)), deletion)


def _player(player: int, values: list[str | None], blocked: bool) -> Player | None:
    username, first_name, language, clicks = values
    if clicks is None:
        return None
    chosen = (language or "").endswith(CHOSEN)
    return Player(
        player, username or "", first_name or "", pick(language), int(clicks), chosen, blocked=blocked
    )


class Conversations:
    """What the bot keeps of its conversation with a player; written by aiogram (see bot/store.py)."""

    def __init__(self, redis: Redis, bot_token: str) -> None:
        self.redis, self.bot = redis, bot_token.partition(":")[0]

    def held(self, player: int) -> dict[str, Any]:
        """Where in the conversation the player is."""
        return {"conversation": self.redis.get(Keys.conversation(self.bot, player, "default", "state"))}

    def forget(self, player: int) -> None:
        """Ends the conversation: it begins anew with the player's next word. Its lock is left to the bot."""
        for topic in ("default", "scenes_history"):
            for part in ("state", "data"):
                self.redis.delete(Keys.conversation(self.bot, player, topic, part))


class LedgerPlayers:
    """Players in Postgres."""

    def get(self, player: int) -> PlayerRow | None:
        with connection():
            return PlayerRow.get_or_none(PlayerRow.id == player)

    def find(self, username: str) -> PlayerRow | None:
        with connection():
            return PlayerRow.get_or_none(PlayerRow.username_key == username_key(username))

    def search(self, start: str, most: int) -> list[int]:
        """Ids of players whose username begins like this, in the order of their usernames."""
        pattern = re.sub(r"([\\%_])", r"\\\1", username_key(start)) + "%"
        with connection() as found:
            return _ids(found.execute_sql(_SEARCH, (pattern, most)))

    def blocked(self, most: int) -> list[int]:
        """Ids of blocked players, the newest block first."""
        with connection() as found:
            query = "SELECT player_id FROM block ORDER BY since DESC LIMIT %s"
            return _ids(found.execute_sql(query, (most,)))

    def block(self, player: int, stop: Callable[[], object]) -> None:
        """Blocks the player for good. `stop()` does so in the hot store; no flush and no rebuild comes between."""
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            database.execute_sql(
                "INSERT INTO block (player_id) VALUES (%s) ON CONFLICT DO NOTHING", (player,)
            )
            stop()

    def unblock(self, player: int, let: Callable[[], object]) -> None:
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            database.execute_sql("DELETE FROM block WHERE player_id = %s", (player,))
            let()

    def taken(self, usernames: list[str]) -> set[str]:
        """Which of these keys belong to somebody."""
        keys = [username_key(name) for name in usernames]
        with connection():
            query = PlayerRow.select(PlayerRow.username_key).where(PlayerRow.username_key.in_(keys))
            return {row.username_key for row in query if row.username_key}

    def claim_username(self, player: int, username: str, first_name: str, language: str) -> bool:
        """Gives the player this username. Returns False if it is somebody else's."""
        names = {"username": username, "username_key": username_key(username)}
        row = {"id": player, "first_name": first_name, "language": language, **names}
        query = PlayerRow.insert(**row).on_conflict(
            conflict_target=[PlayerRow.id], update={**names, "updated_at": SQL("now()")}
        )
        with connection():
            try:
                query.execute()
            except IntegrityError:
                return False
        return True

    def with_username(self, player: int, put: Callable[[str], object]) -> None:
        """Hands the player's username to `put` while nobody can change it: whoever comes last puts the newest."""
        with connection(), database.atomic():
            row = PlayerRow.select(PlayerRow.username).where(PlayerRow.id == player).for_update().first()
            if row is not None and row.username:
                put(row.username)

    def put_language(self, player: int, language: str) -> None:
        """The same as the hot store has now; after any flush that read it before."""
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            PlayerRow.update(language=language + CHOSEN).where(PlayerRow.id == player).execute()

    def forget(
        self,
        player: int,
        deletion: str,
        remove_hot: Callable[[list[str]], int],
        elsewhere: Callable[[], None],
    ) -> None:
        """Deletes the player for good; their clicks stay in a counter that bears the deletion's id, so that they are
        counted once, however often it is repeated.

        `remove_hot(ids of sessions)` empties the hot store and returns its clicks; it runs under the flush lock, so
        that no flush that has read the player before writes them back. `elsewhere()` deletes what other rooms keep.
        """
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            row = PlayerRow.get_or_none(PlayerRow.id == player)
            gone = database.execute_sql("DELETE FROM session WHERE player_id = %s RETURNING id", (player,))
            clicks = max(remove_hot([id for (id,) in gone.fetchall()]), row.clicks if row else 0)
            elsewhere()
            PlayerRow.delete().where(PlayerRow.id == player).execute()
            CounterRow.insert(name=f"forgotten:{deletion}", value=clicks).on_conflict_ignore().execute()

    def sessions(self, player: int) -> list[dict[str, Any]]:
        """Every session row of the player, oldest first, for the export."""
        with connection():
            cursor = database.execute_sql(
                "SELECT id, state, acknowledged_sequence, opened_at, updated_at FROM session"
                " WHERE player_id = %s ORDER BY opened_at",
                (player,),
            )
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _ids(cursor: Any) -> list[int]:
    return [int(row[0]) for row in cursor.fetchall()]
