"""Tries, ended logins, the last minutes and the last errors, in the hot store."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from typing import Any

from redis import ConnectionError as AwayError
from redis import Redis, RedisCluster

from clicker.admin.rules import LOGIN_S, TRIES_WINDOW_S, Mishap, Tried
from clicker.admin.tiles import EVERY_S, KEPT, Moment
from clicker.stores.keys import ADMIN_KEPT_S, Keys
from clicker.stores.postgres import connection
from clicker.stores.redis import Error

ERRORS_KEPT = 50
AWAY_S = 1.0


@dataclass(frozen=True)
class Health:
    """How the hot store is: memory in bytes, seconds it took to say so, and its append-only file as in `Moment.aof`."""

    memory: int
    seconds: float
    aof: int


class AdminStore:
    """After a look without an answer there is none for AWAY_S: who looks often waits for a frozen store once."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether the hot store has just not answered."""
        return time.monotonic() < self._away_until

    def tried(self, address: str) -> Tried:
        """Counts a try, and tells how many there are."""
        keys = (Keys.admin_tries(address), Keys.ADMIN_TRIES)
        with self.redis.pipeline(transaction=True) as pipe:
            for key in keys:
                pipe.set(key, 0, ex=TRIES_WINDOW_S, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
            _, here, here_s, _, everywhere, everywhere_s = pipe.execute()
        return Tried(here, everywhere, max(here_s, everywhere_s, 1))

    def forgive(self, address: str) -> None:
        """The right password came from here: what was tried before is forgotten."""
        self.redis.delete(Keys.admin_tries(address))

    def end(self, login: str) -> None:
        self.redis.set(Keys.admin_ended(login), 1, ex=LOGIN_S)

    def ended(self, login: str) -> bool:
        with self._looking():
            found: Any = self.redis.exists(Keys.admin_ended(login))
        return bool(found)

    def takes_turn(self) -> bool:
        """True for one process every EVERY_S, of all that ask once a second: it is the one to leave a moment."""
        return bool(self.redis.set(Keys.ADMIN_TURN, 1, px=round(EVERY_S * 1000) - 100, nx=True))

    def leave(self, moment: Moment) -> None:
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.lpush(Keys.ADMIN_MOMENTS, json.dumps(astuple(moment)))
            pipe.ltrim(Keys.ADMIN_MOMENTS, 0, KEPT - 1)
            pipe.expire(Keys.ADMIN_MOMENTS, ADMIN_KEPT_S)
            pipe.execute()

    def moments(self) -> list[Moment]:
        """The last KEPT moments, the oldest first; those of another version of this code are left out."""
        with self._looking():
            found: Any = self.redis.lrange(Keys.ADMIN_MOMENTS, 0, -1)
        rows = [json.loads(raw) for raw in reversed(found)]
        return [Moment(*row) for row in rows if len(row) == len(fields(Moment))]

    def keep_errors(self, mishaps: list[Mishap]) -> None:
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.lpush(Keys.ADMIN_ERRORS, *(json.dumps(astuple(mishap)) for mishap in mishaps))
            pipe.ltrim(Keys.ADMIN_ERRORS, 0, ERRORS_KEPT - 1)
            pipe.execute()

    def errors(self, most: int) -> list[Mishap]:
        """The newest errors of all processes, the newest first."""
        with self._looking():
            found: Any = self.redis.lrange(Keys.ADMIN_ERRORS, 0, most - 1)
        return [Mishap(*json.loads(raw)) for raw in found]

    def health(self) -> Health:
        """Asks the hot store, all nodes of it, how it is."""
        begun = time.monotonic()
        memory, aof = self._info("memory"), self._info("persistence")
        seconds = time.monotonic() - begun
        failing = any(node.get("aof_last_write_status", "ok") != "ok" for node in aof)
        on = all(node.get("aof_enabled") for node in aof)
        return Health(
            sum(int(node.get("used_memory", 0)) for node in memory), seconds / 2, -1 if failing else int(on)
        )

    @contextmanager
    def _looking(self) -> Iterator[None]:
        if self.away:
            raise AwayError("the hot store has just not answered")
        try:
            yield
        except Error:
            self._away_until = time.monotonic() + AWAY_S
            raise

    def _info(self, section: str) -> list[dict[str, Any]]:
        if isinstance(self.redis, RedisCluster):
            return list(self.redis.info(section, target_nodes=RedisCluster.PRIMARIES).values())
        found: Any = self.redis.info(section)
        return [found]


def ask_ledger() -> None:
    """Asks Postgres for nothing but an answer. Raises what it raises."""
    with connection() as database:
        database.execute_sql("SELECT 1")
