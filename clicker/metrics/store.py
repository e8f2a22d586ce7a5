"""Counters and what each process told last, in the hot store."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis

from clicker.metrics.rules import Series, packed, unpacked
from clicker.stores.keys import Keys
from clicker.stores.redis import Script


@dataclass(frozen=True)
class Told:
    """What one process felt; `at` is Unix time in seconds."""

    at: float
    gauges: dict[Series, float]


class MetricsStore:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._publish = Script(__package__, "publish").bind(redis)

    def publish(
        self, process: str, number: int, grown: Mapping[Series, float], told: Told
    ) -> tuple[dict[Series, float], dict[str, Told]]:
        """Adds to the counters, once for each `number`. Returns all counters, and what every process told."""
        gauges = {packed(series): value for series, value in told.gauges.items()}
        args: list[Any] = [process, number, json.dumps({"at": told.at, "gauges": gauges})]
        for series, amount in grown.items():
            args += [packed(series), repr(amount)]
        counters, processes = self._publish(keys=[Keys.METRICS, Keys.METRICS_PROCESSES], args=args)
        return (
            {unpacked(name): float(value) for name, value in _pairs(counters)},
            {name: _told(raw) for name, raw in _pairs(processes)},
        )

    def forget(self, processes: list[str]) -> None:
        """Removes what processes told that are gone; what they counted stays."""
        if processes:
            self.redis.hdel(Keys.METRICS_PROCESSES, *processes)


def _pairs(flat: list[str]) -> list[tuple[str, str]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _told(raw: str) -> Told:
    found = json.loads(raw.partition(" ")[2])
    return Told(found["at"], {unpacked(name): value for name, value in found["gauges"].items()})
