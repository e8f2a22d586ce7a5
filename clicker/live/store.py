"""Live messages in the hot store, all in one slot: the bot edits at most 27 a second, whatever the number of chats."""

import json
from typing import Any

from redis import Redis

from clicker.live.rules import ASKED_KEPT_S, LEASE_S, Phase, Row
from clicker.stores.keys import LIVE_KEPT_S, Keys
from clicker.stores.redis import Script
from clicker.telemetry import trail

_FIELDS = ("message", "digest", "shown", "phase", "clicks", "carried")


class LiveStore:
    """Times are passed in Unix seconds."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._show, self._claim, self._settle, self._stop, self._rest = (
            Script(__package__, name).bind(redis) for name in ("show", "claim", "settle", "stop", "rest")
        )

    def show(self, row: Row, due: float) -> int:
        """Returns the message_id that was live before, 0 if none was."""
        args = [row.chat, row.message_id, row.digest, _ms(row.shown), _ms(due), row.phase, row.clicks]
        return int(self._show(keys=_keys(row.chat), args=[*args, LIVE_KEPT_S]))

    def claim(self, now: float, turns: int, asks: int) -> tuple[list[int], list[int], float]:
        """Chats whose turn it is and chats that asked, about so many at most, and the time of the next (or inf)."""
        args = [_ms(now), _ms(LEASE_S), turns, asks, _ms(ASKED_KEPT_S)]
        keys = [Keys.LIVE_DUE, Keys.LIVE_ASKED, Keys.LIVE_CLAIMED]
        by_turn, asked, then = self._claim(keys=keys, args=args)
        return [int(chat) for chat in by_turn], [int(chat) for chat in asked], float(then) / 1000

    def rest(self, now: float, limit: int) -> list[tuple[int, int]]:
        """Up to so many messages, as chat and message_id, that were live and have to say that they stand still."""
        found = self._rest(keys=[Keys.LIVE_RESTING], args=[_ms(now), _ms(LEASE_S), limit])
        return [(int(chat), int(message_id)) for chat, message_id in (each.split(":") for each in found)]

    def must_rest(self, chat: int, message_id: int) -> bool:
        return self.redis.zscore(Keys.LIVE_RESTING, f"{chat}:{message_id}") is not None

    def rested(self, chat: int, message_id: int) -> None:
        self.redis.zrem(Keys.LIVE_RESTING, f"{chat}:{message_id}")

    def rows(self, chats: list[int]) -> list[Row]:
        """The live messages of these chats; a chat without one is left out."""
        with self.redis.pipeline(transaction=False) as pipe:
            for chat in chats:
                pipe.hmget(Keys.live_row(chat), _FIELDS)
                pipe.zscore(Keys.LIVE_SEEN, str(chat))
            found: list[Any] = pipe.execute()
        return [
            Row(
                chat,
                message_id=int(row[0]),
                digest=row[1],
                shown=int(row[2]) / 1000,
                seen=(seen or 0) / 1000,
                phase=Phase(row[3]),
                clicks=int(row[4]),
                carried=json.loads(row[5] or "{}"),
            )
            for chat, row, seen in zip(chats, found[0::2], found[1::2], strict=True)
            if row[0]
        ]

    def settle(self, row: Row, due: float, asks_from: float) -> bool:
        """False if another message is the live one meanwhile."""
        args = [row.chat, row.message_id, row.digest, _ms(row.shown), _ms(due), row.phase, row.clicks]
        keys = [Keys.live_row(row.chat), Keys.LIVE_DUE, Keys.LIVE_ASKED, Keys.LIVE_CLAIMED]
        return bool(self._settle(keys=keys, args=[*args, _ms(asks_from)]))

    def release(self, chat: int) -> None:
        """Nobody renews it any more, though it has not been settled."""
        self.redis.zrem(Keys.LIVE_CLAIMED, chat)

    def stop(self, chat: int, message_id: int) -> int:
        """Returns the message_id that was live, 0 if none (or another) was."""
        return int(self._stop(keys=_keys(chat), args=[chat, message_id]))

    def forget(self, chat: int) -> None:
        """Drops all that is kept of a chat."""
        row, *zsets, resting = _keys(chat)
        old = [member for member, _ in self.redis.zscan_iter(resting, match=f"{chat}:*", count=1000)]
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.delete(row)
            for zset in zsets:
                pipe.zrem(zset, chat)
            if old:
                pipe.zrem(resting, *old)
            pipe.execute()

    def see(self, chat: int, now: float) -> None:
        """The player did something."""
        self.redis.zadd(Keys.LIVE_SEEN, {str(chat): _ms(now)}, xx=True)

    def ask(self, chats: list[int], now: float) -> None:
        """Those that have a live message are to be renewed soon, but not within BETWEEN_S of their last edit."""
        rows = self.rows(chats)
        if rows:
            at = {str(row.chat): _ms(max(now, row.due())) for row in rows}
            carried = json.dumps(trail.carried())
            with self.redis.pipeline(transaction=False) as pipe:
                for row in rows:
                    pipe.hset(Keys.live_row(row.chat), "carried", carried)
                pipe.zadd(Keys.LIVE_ASKED, at)
                pipe.execute()

    def played(self, chats: list[int]) -> None:
        """Their players had an active session, even if no renewal came by while it was."""
        for row in self.rows(chats):
            self.redis.hset(Keys.live_row(row.chat), "phase", Phase.ACTIVE)

    def count(self) -> int:
        return int(self.redis.zcard(Keys.LIVE_DUE))


def _keys(chat: int) -> list[str]:
    return [
        Keys.live_row(chat),
        Keys.LIVE_DUE,
        Keys.LIVE_SEEN,
        Keys.LIVE_ASKED,
        Keys.LIVE_CLAIMED,
        Keys.LIVE_RESTING,
    ]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
