"""Four times more players than the machine can serve at its usual pace: it bends, it does not break."""

import asyncio
import time
from typing import Any

from bench.crowd import Crowd, Player
from bench.players import Watch
from bench.town import Town, town
from clicker.cli.seed import FIRST_ID

FULL, TIMES = 5000, 4
"""How many players are a full house for one web process on two cores, and how many times as many come."""
CONNECTIONS = 400
SECONDS = 40
CALM_WITHIN_S = 30


def run() -> dict[str, Any]:
    """A full house, then four times as many, then nobody. Returns the figures."""
    with town() as built:
        built.seed(FULL * TIMES)
        ids = list(range(FIRST_ID, FIRST_ID + FULL * TIMES))
        brought = dict(zip(ids, built.services.taps.hot.clicks_of(ids), strict=True))
        watch = Watch(built)
        watch.start()
        full, peak = play(built, FULL)
        over, held = play(built, FULL * TIMES)
        calm_s = until_calm(built)
        watch.enough.set()
        watch.join()
        built.services.taps.flush()
        return {
            "players": FULL * TIMES,
            "peak_taps_per_s": round(peak),
            "held_taps_per_s": round(held),
            "held": round(held / peak, 2),
            "answers": {**{str(k): v for k, v in over.statuses.items()}},
            "answers_full_house": {**{str(k): v for k, v in full.statuses.items()}},
            "wrong": wrong(built, brought, over, full),
            "levels_s": dict(watch.levels),
            "memory_mb": round(watch.memory_mb),
            "calm_after_s": calm_s,
            "stores_agree": built.services.taps.verify().agree,
        }


def play(built: Town, players: int) -> tuple[Crowd, float]:
    """Returns the crowd and its accepted taps per second, without the first quarter and the end."""
    crowd = Crowd(int(built.web.url.rsplit(":", 1)[1]), [Player(token) for token in built.enter(players)])
    asyncio.run(crowd.play(SECONDS, CONNECTIONS))
    steady = range(SECONDS // 4, SECONDS)
    return crowd, sum(crowd.accepted[second] for second in steady) / len(steady)


def wrong(built: Town, brought: dict[int, int], *crowds: Crowd) -> int:
    """How many players have other clicks than they brought and were acknowledged."""
    made = dict(brought)
    for crowd in crowds:
        for player in crowd.players:
            made[built.services.sessions.claims(player.token).player] += player.acknowledged
    counts = built.services.taps.hot.clicks_of(list(made))
    return sum(count != expected for count, expected in zip(counts, made.values(), strict=True))


def until_calm(built: Town) -> float:
    begun = time.monotonic()
    while built.services.pace.follow().level != "calm" and time.monotonic() - begun < 3 * CALM_WITHIN_S:
        time.sleep(0.2)
    return round(time.monotonic() - begun, 1)
