"""The buckets, the pause, and what the bot processes tell of themselves, in the hot store."""

from typing import Any

from redis import Redis

from clicker.outbox.rules import STAND_BACK_S, Charge, Verdict
from clicker.stores.keys import OUTBOX_KEPT_S, Keys
from clicker.stores.redis import Script

AVERAGED_MS = 30_000
"""Over how long the rate of answers is averaged."""


class OutboxStore:
    """Times in Unix milliseconds."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._take = Script(__package__, "take").bind(redis)

    def take(self, charge: Charge, now_ms: float) -> Verdict:
        """Takes the message's tokens, or says how long to wait for them."""
        rates = charge.rates()
        names = [Keys.OUTBOX_PAUSE, Keys.OUTBOX_ANSWERS_WAIT, Keys.OUTBOX_ANSWERS]
        buckets = [Keys.outbox_bucket(name) for name, _ in rates]
        args: list[Any] = [now_ms, int(charge.lane), round(STAND_BACK_S * 1000), AVERAGED_MS]
        for _, rate in rates:
            args += [1000 / rate.per_second, rate.depth, rate.depth_for(charge.lane)]
        wait_ms, everyone = self._take(keys=[*names, *buckets], args=args)
        return Verdict(wait_ms / 1000, bool(everyone))

    def pause(self, now_ms: float, until_ms: float) -> None:
        """Stops everything until then. A shorter pause never cuts a longer one."""
        if until_ms > self.paused_until():
            self.redis.set(Keys.OUTBOX_PAUSE, until_ms, px=max(1, round(until_ms - now_ms)))

    def paused_until(self) -> float:
        """Until when everything is stopped; 0 if it is not."""
        return float(self.redis.get(Keys.OUTBOX_PAUSE) or 0)

    def answers(self) -> tuple[float, float]:
        """Answers a second as they were at the last one, and when that was."""
        per_s, at = self.redis.hmget(Keys.OUTBOX_ANSWERS, "per_s", "at")
        return float(per_s or 0), float(at or 0)

    def report(self, process: str, told: str, counted: dict[str, int]) -> None:
        """Leaves what waits in this process, and adds to the counters."""
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.hset(Keys.OUTBOX_PROCESSES, process, told)
            pipe.expire(Keys.OUTBOX_PROCESSES, OUTBOX_KEPT_S)
            for name, count in counted.items():
                pipe.hincrby(Keys.OUTBOX_COUNTERS, name, count)
            pipe.execute()

    def reports(self) -> dict[str, str]:
        found: Any = self.redis.hgetall(Keys.OUTBOX_PROCESSES)
        return found

    def forget(self, processes: list[str]) -> None:
        if processes:
            self.redis.hdel(Keys.OUTBOX_PROCESSES, *processes)

    def counters(self) -> dict[str, int]:
        found: Any = self.redis.hgetall(Keys.OUTBOX_COUNTERS)
        return {name: int(count) for name, count in found.items()}

    def introduce(self, bot: str) -> None:
        self.redis.set(Keys.OUTBOX_BOT, bot)

    def bot(self) -> str:
        return str(self.redis.get(Keys.OUTBOX_BOT) or "")

    def lose(self, chat: int) -> None:
        self.redis.sadd(Keys.OUTBOX_GONE, chat)

    def find(self, chat: int) -> None:
        self.redis.srem(Keys.OUTBOX_GONE, chat)

    def is_gone(self, chat: int) -> bool:
        return bool(self.redis.sismember(Keys.OUTBOX_GONE, str(chat)))
