"""Counts in the hot store: the tap script, and what the flush and the rebuild read and write there."""

from collections.abc import Iterable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, NamedTuple

from redis import Redis

from clicker.stores.keys import Keys
from clicker.stores.redis import Script


class Claimed(NamedTuple):
    """A session and its player's count, read in one moment. `opened` is Unix time in ms."""

    session: str
    player: int
    state: str
    sequence: int
    deferred: int
    opened: int
    clicks: int
    first_name: str
    language: str


class Claim(NamedTuple):
    """What one claim took up, and the name by which it lets go of that."""

    name: str
    rows: list[Claimed]


@dataclass(frozen=True)
class Remembered:
    """A player as Postgres remembers them."""

    player: int
    clicks: int
    username: str
    first_name: str
    language: str


class HotTaps:
    def __init__(self, redis: Redis, keys: Keys) -> None:
        self.redis, self.keys = redis, keys
        self._tap = Script(__package__, "tap").share(redis)
        for name in ("claim", "release", "rebuild", "forgotten"):
            setattr(self, f"_{name}", Script(__package__, name).bind(redis))

    _claim: Any
    _release: Any
    _rebuild: Any
    _forgotten: Any

    def tap(self, player: int, session: str, args: list[object]) -> list[Any]:
        """Runs the tap script; `args` and the answer are as its header says, from ARGV 3 on."""
        k, keys = self.keys.shard(player), self.keys
        names = [keys.session(k, session), keys.player(k, player), keys.board(k), keys.total(k)]
        answer: list[Any] = self._tap([*names, keys.dirty(k), keys.seen(k)], [player, session, *args])
        return answer

    def claim(self, k: int, most: int) -> Claim:
        """Up to `most` dirty sessions of a shard, about; what nobody releases is dirty again at the next claim."""
        prefixes = [self.keys.session(k, ""), self.keys.player_prefix(k), self.keys.sessions_prefix(k)]
        values = iter(self._claim(keys=self._marks(k), args=[token_hex(8), most, *prefixes]))
        name = next(values)
        rows = [
            Claimed(
                sid, int(player), state, int(sequence), int(deferred), int(opened), int(clicks), first, lang
            )
            for sid, player, state, sequence, deferred, opened, clicks, first, lang in zip(
                *[values] * 9, strict=True
            )
        ]
        return Claim(name, rows)

    def release(self, k: int, claim: Claim, refused: Iterable[str] = ()) -> None:
        """Takes off the marks of what was claimed, but for the `refused` sessions. What changed since has new ones."""
        self._release(keys=self._marks(k), args=[claim.name, *refused])

    def dirty(self) -> int:
        """How many sessions wait for the flush."""
        return self._sum("scard", self.keys.dirty) + self._sum("scard", self.keys.claimed)

    def lag(self) -> tuple[int, int]:
        """How many sessions wait for the flush, and when the last complete one began (Unix ms; 0: never)."""
        return self.dirty(), int(self.redis.get(self.keys.FLUSHED) or 0)

    def set_flushed(self, began_ms: int) -> None:
        self.redis.set(self.keys.FLUSHED, began_ms)

    def total(self) -> int:
        """The global number."""
        return sum(int(value or 0) for value in self._each("get", self.keys.total))

    def forgotten(self) -> int:
        """The part of the global number that belonged to deleted players."""
        return sum(int(value or 0) for value in self._each("get", self.keys.forgotten))

    def players_on_board(self) -> int:
        return self._sum("zcard", self.keys.board)

    def clicks_of(self, players: list[int]) -> list[int]:
        """The clicks of each player, 0 where the hot store does not know them."""
        with self.redis.pipeline(transaction=False) as pipe:
            for player in players:
                pipe.hget(self.keys.player(self.keys.shard(player), player), "clicks")
            return [int(value or 0) for value in pipe.execute()]

    def board_sum(self) -> int:
        """Sum of all clicks on the boards and of blocked players, read in pieces."""
        boards = [key(k) for key in (self.keys.board, self.keys.blocked) for k in self.keys.all_shards()]
        return sum(int(score) for board in boards for _, score in self.redis.zscan_iter(board, count=5000))

    def ready(self) -> bool:
        """True if every shard has been rebuilt from Postgres for this number of shards."""
        return all(value == str(self.keys.shards) for value in self._each("get", self.keys.ready))

    def reshaped(self) -> bool:
        """True if the hot store was filled for another number of shards."""
        return self.redis.get(self.keys.ready(0)) not in (None, str(self.keys.shards))

    def set_ready(self) -> None:
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                pipe.set(self.keys.ready(k), self.keys.shards)
            pipe.execute()

    def put_back(self, k: int, players: list[Remembered]) -> None:
        """Restores players of one shard, never lowering a count."""
        args: list[object] = [self.keys.player_prefix(k)]
        for row in players:
            args += [row.player, row.clicks, row.username, row.first_name, row.language]
        names = [self.keys.board(k), self.keys.total(k), self.keys.blocked(k)]
        self._rebuild(keys=names, args=args)

    def put_back_blocked(self, players: list[int]) -> None:
        """Remembers who is blocked; before `put_back`, which brings their clicks."""
        with self.redis.pipeline(transaction=False) as pipe:
            for player in players:
                pipe.zadd(self.keys.blocked(self.keys.shard(player)), {str(player): 0}, nx=True)
            pipe.execute()

    def put_back_forgotten(self, clicks: int) -> None:
        """Brings the part of deleted players in the total up to what Postgres remembers."""
        others = sum(int(value or 0) for value in self._each("get", self.keys.forgotten)[1:])
        self._forgotten(keys=[self.keys.forgotten(0), self.keys.total(0)], args=[clicks - others])

    def _marks(self, k: int) -> list[str]:
        return [self.keys.dirty(k), self.keys.claimed(k), self.keys.claim(k)]

    def _each(self, command: str, key: Any) -> list[Any]:
        with self.redis.pipeline(transaction=False) as pipe:
            for k in self.keys.all_shards():
                getattr(pipe, command)(key(k))
            return pipe.execute()

    def _sum(self, command: str, key: Any) -> int:
        return sum(self._each(command, key))
