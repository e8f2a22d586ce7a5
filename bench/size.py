"""Does it stay as quick with a million players, and how fast are a hundred thousand changed ones flushed?"""

import statistics
import time
from typing import Any

from bench.raw import measure, tapper
from bench.town import UNLIMITED, Town, town
from clicker.cli.seed import FIRST_ID

CONNECTIONS = 12
"""Few enough for the web process to have time left: near its limit the median is the length of the queue, and what
other work on the machine does to that."""
ROUNDS, SECONDS = 24, 1.0
"""Many short rounds: the machine's speed changes within seconds."""
SMALL, LARGE, DIRTY = 10_000, 1_000_000, 100_000


def run() -> dict[str, Any]:
    """Latency with few and with many players in one run, the script's time per call, and the time of a flush."""
    with town(**UNLIMITED) as few, town(**UNLIMITED) as many:
        few.seed(SMALL)
        many.seed(LARGE)
        for built in (few, many):
            built.services.redis.config_resetstat()
            built.services.redis.slowlog_reset()
        small, large = latencies([few, many])
        scripts = [script(few), script(many)]
        slow = int(many.services.redis.slowlog_len())
        few.worker.stop()
        few.web.stop()
        many.worker.stop()
        return {
            "p50_ms_small": small,
            "p50_ms_large": large,
            "ratio": round(large / small, 2),
            "script_us_small": scripts[0],
            "script_us_large": scripts[1],
            "slowlog": slow,
            "flush_s": flush_s(many),
        }


def latencies(towns: list[Town]) -> list[float]:
    """Of each the median of the medians of ROUNDS rounds, in milliseconds. In turn: the machine's speed changes."""
    crowds = [(built, _tappers(built)) for built in towns]
    for built, makers in crowds:
        measure(built.web, makers, 2)
    rounds = [
        [measure(built.web, makers, SECONDS)[0].percentile(0.5) for built, makers in crowds]
        for _ in range(ROUNDS)
    ]
    return [round(statistics.median(medians) * 1000, 2) for medians in zip(*rounds, strict=True)]


def _tappers(built: Town) -> list[Any]:
    return [tapper("/click", token, "text/html", [0]) for token in built.enter(CONNECTIONS)]


def script(built: Town) -> float:
    """The hot store's own time for a call of a script, in microseconds; nearly all of them are the taps'."""
    stats: Any = built.services.redis.info("commandstats")
    return float(stats["cmdstat_evalsha"]["usec_per_call"])


def flush_s(built: Town) -> float:
    """Makes DIRTY sessions dirty, each with new clicks, and flushes them. Returns the seconds it took."""
    hot, keys = built.services.taps.hot, built.services.taps.hot.keys
    pipe = built.services.redis.pipeline(transaction=False)
    for number in range(DIRTY):
        player = FIRST_ID + number
        k, session = keys.shard(player), f"dirty{number}"
        fields = {"player": player, "state": "active", "sequence": 1, "deferred": 0, "opened": 1}
        pipe.hset(keys.session(k, session), mapping=fields)
        pipe.sadd(keys.dirty(k), session)
        pipe.hincrby(keys.player(k, player), "clicks", 3)
        if number % 5000 == 0:
            pipe.execute()
    pipe.execute()
    dirty = hot.dirty()
    assert dirty >= DIRTY
    begun = time.monotonic()
    flushed = built.services.taps.flush()
    seconds = time.monotonic() - begun
    assert flushed >= dirty
    assert hot.dirty() == 0
    assert built.services.taps.history.different() == 0
    return round(seconds, 2)
