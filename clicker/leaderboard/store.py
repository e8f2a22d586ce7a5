"""Boards and totals in the hot store, one shard after another in one round trip."""

from typing import Any

from redis import Redis

from clicker.leaderboard.rules import BOARD_SIZE
from clicker.stores.keys import Keys

Row = tuple[int, str, int]
"""Player id, username, clicks."""


class BoardStore:
    def __init__(self, redis: Redis, keys: Keys) -> None:
        self.redis, self.keys = redis, keys

    def totals(self) -> list[int]:
        """Sum of clicks of each shard, by shard number."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.get(self.keys.total(k))
            return [int(value or 0) for value in pipe.execute()]

    def tops(self) -> list[Row]:
        """The best of every shard, unmerged."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.zrange(self.keys.board(k), 0, BOARD_SIZE - 1, desc=True, withscores=True)
            return self._named([pair for shard in pipe.execute() for pair in shard])

    def rank(self, clicks: int) -> int:
        """1 + the number of players with more clicks than these."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.zcount(self.keys.board(k), f"({clicks}", "+inf")
            return 1 + sum(pipe.execute())

    def nearest(self, clicks: int) -> tuple[Row | None, Row | None]:
        """The player with the next more clicks, and the one with the next fewer; None where there is nobody."""
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                board = self.keys.board(k)
                pipe.zrangebyscore(board, f"({clicks}", "+inf", start=0, num=1, withscores=True)
                pipe.zrevrangebyscore(board, f"({clicks}", "-inf", start=0, num=1, withscores=True)
            answers: list[Any] = pipe.execute()
        above = self._named([pair for shard in answers[0::2] for pair in shard])
        below = self._named([pair for shard in answers[1::2] for pair in shard])
        return (
            min(above, key=lambda row: row[2], default=None),
            max(below, key=lambda row: row[2], default=None),
        )

    def _named(self, pairs: list[tuple[str, float]]) -> list[Row]:
        if not pairs:
            return []
        with self.redis.pipeline(transaction=False) as pipe:
            for member, _ in pairs:
                pipe.hget(self.keys.player(self.keys.shard(int(member)), int(member)), "username")
            names = pipe.execute()
        return [(int(m), name or "", int(score)) for (m, score), name in zip(pairs, names, strict=True)]
