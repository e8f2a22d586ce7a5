"""Sessions in the hot store, and the look-up in Postgres for those that it has lost."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis import Redis

from clicker.clock import Clock, to_ms
from clicker.errors import Blocked
from clicker.i18n import pick
from clicker.sessions.models import SessionRow
from clicker.stores import ledger_lock
from clicker.stores.keys import SESSION_KEPT_S, TICKET_KEPT_S, Keys
from clicker.stores.postgres import connection, database
from clicker.stores.redis import Script

BLOCKED = "blocked"
"""What scripts answer about a blocked player, and the state of their sessions."""
SESSIONS_REMEMBERED = 50
"""How many sessions of one player can be listed; older ones still work with their token."""


_REMOVE = "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE updated_at < %s LIMIT %s)"


@dataclass(frozen=True)
class Resumed:
    """A session that goes on: what was acknowledged last, and how much of that batch did not fit."""

    username: str
    clicks: int
    sequence: int
    deferred: int
    language: str


class HotSessions:
    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self.redis, self.keys, self.clock = redis, keys, clock
        for name in ("open", "resume", "heartbeat", "retire", "close", "restore"):
            setattr(self, f"_{name}", Script(__package__, name).bind(redis))

    _open: Any
    _resume: Any
    _heartbeat: Any
    _retire: Any
    _close: Any
    _restore: Any

    def open(self, player: int, session: str, first_name: str, language: str) -> tuple[str, int, str] | None:
        """Returns the player's username, clicks and language, or None while the shard is not ready."""
        k, keys = self.keys.shard(player), self.keys
        names = [keys.ready(k), keys.session(k, session), keys.player(k, player), keys.sessions(k, player)]
        args = [
            player,
            session,
            self._now(),
            first_name,
            language,
            SESSION_KEPT_S,
            keys.shards,
            SESSIONS_REMEMBERED,
            keys.session(k, ""),
        ]
        names += [keys.seen(k), keys.dirty(k), keys.blocked(k), keys.claimed(k)]
        answer = self._open(keys=names, args=args)
        if answer == BLOCKED:
            raise Blocked
        return (answer[0], int(answer[1]), pick(answer[2])) if answer else None

    def resume(self, player: int, session: str) -> Resumed | None:
        k, keys = self.keys.shard(player), self.keys
        names = [
            keys.session(k, session),
            keys.player(k, player),
            keys.seen(k),
            keys.paused(k),
            keys.dirty(k),
            keys.sessions(k, player),
            keys.blocked(k),
        ]
        answer = self._resume(keys=names, args=[player, session, self._now(), SESSION_KEPT_S])
        if answer == BLOCKED:
            raise Blocked
        return Resumed(*answer) if answer else None

    def heartbeat(self, player: int, session: str) -> str | None:
        """Returns the session's state, or None if it is unknown."""
        k, keys = self.keys.shard(player), self.keys
        names = [keys.session(k, session), keys.seen(k)]
        answer: str | None = self._heartbeat(keys=names, args=[player, session, self._now(), SESSION_KEPT_S])
        return answer

    def close(self, player: int, session: str) -> bool:
        k, keys = self.keys.shard(player), self.keys
        names = [keys.session(k, session), keys.seen(k), keys.paused(k), keys.dirty(k)]
        return bool(self._close(keys=names, args=[player, session]))

    def pause_idle(self, before_ms: int, limit: int) -> list[int]:
        """Pauses active sessions without a sign of life since `before_ms`. Returns whose they were, one a session."""
        return [
            player
            for k in self.keys.all_shards()
            for player in self._move(k, self.keys.seen(k), self.keys.paused(k), before_ms, limit, "paused")
        ]

    def close_paused(self, before_ms: int, limit: int) -> int:
        """Closes sessions that were paused before `before_ms`. Returns how many."""
        return sum(
            len(self._move(k, self.keys.paused(k), self.keys.paused(k), before_ms, limit, "closed"))
            for k in self.keys.all_shards()
        )

    def restore(self, row: SessionRow) -> bool:
        """Puts back a lost session. Returns False while the shard is not ready."""
        k, keys = self.keys.shard(row.player_id), self.keys
        names = [keys.session(k, row.id), keys.sessions(k, row.player_id), keys.seen(k), keys.ready(k)]
        names.append(keys.blocked(k))
        opened = to_ms(row.opened_at.replace(tzinfo=UTC).timestamp())
        args = [
            row.player_id,
            row.id,
            row.state,
            row.acknowledged_sequence,
            row.deferred,
            opened,
            self._now(),
        ]
        return bool(self._restore(keys=names, args=[*args, SESSION_KEPT_S, keys.shards]))

    def active(self) -> int:
        """How many sessions are active."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.zcard(self.keys.seen(k))
            return sum(pipe.execute())

    def lively(self, since_ms: int) -> int:
        """How many active sessions gave a sign of life since then."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.zcount(self.keys.seen(k), since_ms, "+inf")
            return sum(pipe.execute())

    def of_player(self, player: int) -> list[dict[str, Any]]:
        """The player's sessions, newest first, as `{id, state, sequence, opened}`."""
        k = self.keys.shard(player)
        ids: Any = self.redis.zrange(self.keys.sessions(k, player), 0, -1, desc=True)
        with self.redis.pipeline(transaction=False) as pipe:
            for session in ids:
                pipe.hmget(self.keys.session(k, session), "state", "sequence", "opened")
            rows = pipe.execute()
        return [
            {"id": session, "state": row[0], "sequence": int(row[1]), "opened": int(row[2])}
            for session, row in zip(ids, rows, strict=True)
            if row[0]
        ]

    def newest_active(self, limit: int) -> list[tuple[str, float]]:
        """Active session ids with their last sign of life in ms, the freshest first."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.zrange(self.keys.seen(k), 0, limit - 1, desc=True, withscores=True)
            found = [pair for shard in pipe.execute() for pair in shard]
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def put_ticket(self, ticket: str, language: str) -> None:
        self.redis.set(self.keys.ticket(ticket), language, ex=TICKET_KEPT_S)

    def take_ticket(self, ticket: str) -> str | None:
        """The language that the ticket was made for; None if it was used or is too old."""
        language: Any = self.redis.getdel(self.keys.ticket(ticket))
        return language

    def _move(self, k: int, source: str, target: str, before_ms: int, limit: int, state: str) -> list[int]:
        ids: Any = self.redis.zrangebyscore(source, "-inf", before_ms, start=0, num=limit)
        names = [[self.keys.session(k, session), source, target, self.keys.dirty(k)] for session in ids]
        moved = [
            int(self._retire(keys=name, args=[session, before_ms, state, self._now()]))
            for session, name in zip(ids, names, strict=True)
        ]
        return [player for player in moved if player]

    def _now(self) -> int:
        return to_ms(self.clock())


class LedgerSessions:
    def get(self, session: str) -> SessionRow | None:
        with connection():
            return SessionRow.get_or_none(SessionRow.id == session)

    def remove(self, before: datetime, most: int) -> int:
        """Removes up to `most` sessions that have not changed since then. Returns how many."""
        with connection(), database.atomic():
            ledger_lock.wait(ledger_lock.FLUSH)
            return int(database.execute_sql(_REMOVE, (before, most)).rowcount)
