"""Samples and the published level in the hot store."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from redis import Redis

from clicker.pace.rules import Sample, State
from clicker.stores.keys import Keys


@dataclass(frozen=True)
class Published:
    """What is known to all processes: the decided state, and the level that an operator holds, if any."""

    state: State
    held: str

    @property
    def level(self) -> str:
        return self.held or self.state.level


class PaceStore:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def exchange(self, process: str, sample: Sample) -> tuple[list[Sample], Published]:
        """Leaves this process's sample and returns everyone's, with what is published."""
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.hset(Keys.PACE_SAMPLES, process, json.dumps(asdict(sample)))
            pipe.hgetall(Keys.PACE_SAMPLES)
            pipe.get(Keys.PACE)
            pipe.get(Keys.PACE_HELD)
            _, samples, *values = pipe.execute()
        return [Sample(**json.loads(raw)) for raw in samples.values()], _published(values)

    def publish(self, state: State) -> None:
        self.redis.set(Keys.PACE, json.dumps(asdict(state)))

    def published(self) -> Published:
        values: Any = self.redis.mget(Keys.PACE, Keys.PACE_HELD)
        return _published(values)

    def hold(self, level: str) -> None:
        """Holds a level, or lets go of it if empty."""
        if level:
            self.redis.set(Keys.PACE_HELD, level)
        else:
            self.redis.delete(Keys.PACE_HELD)

    def forget(self, processes: list[str]) -> None:
        """Removes samples of processes that are gone."""
        if processes:
            self.redis.hdel(Keys.PACE_SAMPLES, *processes)

    def samples(self) -> dict[str, Sample]:
        """Samples by process."""
        found: Any = self.redis.hgetall(Keys.PACE_SAMPLES)
        return {process: Sample(**json.loads(raw)) for process, raw in found.items()}


def _published(values: list[str | None]) -> Published:
    state = json.loads(values[0]) if values[0] else {}
    if "reasons" in state:
        state["reasons"] = tuple(state["reasons"])
    return Published(State(**state), values[1] or "")
