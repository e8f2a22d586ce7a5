"""Players as they behave, by k6: latency, loss, the level that pace chose, and what a player costs."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from bench.town import Town, town
from clicker.pace.rules import LEVELS
from clicker.settings import SANDBOX_TOKEN
from tests.processes import ROOT

K6 = Path(sys.executable).with_name("k6")
PLAYERS, SEEDED, RAMP_S, HOLD_S = 5000, 100_000, 60, 60


class Watch(threading.Thread):
    """The levels seen, once a second, and the most memory that the servers took."""

    def __init__(self, built: Town) -> None:
        super().__init__(daemon=True)
        self.town, self.enough = built, threading.Event()
        self.levels: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.memory_mb = 0.0

    def run(self) -> None:
        while not self.enough.wait(1):
            state = self.town.services.pace.follow()
            self.levels[state.level] += 1
            self.reasons.update(f"{state.level}: {reason}" for reason in state.state.reasons)
            self.memory_mb = max(self.memory_mb, self.town.memory_mb())


def run(
    players: int = PLAYERS, seeded: int = SEEDED, ramp_s: int = RAMP_S, hold_s: int = HOLD_S
) -> dict[str, Any]:
    """One crowd on fresh stores. Returns the figures."""
    with town() as built:
        built.seed(seeded)
        watch, before = Watch(built), built.cpu()
        watch.start()
        metrics = crowd(built, players, ramp_s, hold_s)
        spent = built.cpu() - before
        watch.enough.set()
        watch.join()
        built.services.taps.flush()
        return figures(metrics, built, watch, spent, players, ramp_s / 2 + hold_s)


def crowd(built: Town, players: int, ramp_s: int, hold_s: int) -> dict[str, Any]:
    """Runs k6. Returns its metrics."""
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        variables = {"URL": built.web.url, "BOT_TOKEN": SANDBOX_TOKEN, "SUMMARY": str(summary)}
        variables |= {"PLAYERS": str(players), "RAMP_S": str(ramp_s), "HOLD_S": str(hold_s)}
        k6 = subprocess.run(
            [str(K6), "run", "--quiet", "--no-usage-report", str(ROOT / "bench/k6/players.js")],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=ramp_s + hold_s + 300,
        )
        assert summary.exists(), k6.stderr[-3000:]
        return dict(json.loads(summary.read_text())["metrics"])


def figures(
    metrics: dict[str, Any], built: Town, watch: Watch, spent: float, players: int, seconds: float
) -> dict[str, Any]:
    def counted(name: str) -> int:
        return int(metrics.get(name, {}).get("values", {}).get("count", 0))

    click = metrics["click_ms"]["values"]
    return {
        "players": players,
        "right": counted("players_right"),
        "wrong": counted("players_wrong"),
        "taps": counted("taps_accepted"),
        "requests": counted("http_reqs"),
        "pushes": counted("pushes"),
        "answers_503": counted("answers_503"),
        "answers_4xx": counted("answers_4xx"),
        "answers_5xx": counted("answers_5xx"),
        "click_p50_ms": round(click["med"], 1),
        "click_p95_ms": round(click["p(95)"], 1),
        "click_p99_ms": round(click["p(99)"], 1),
        "levels_s": dict(watch.levels),
        "reasons_s": dict(watch.reasons),
        "flush_ms": {level: LEVELS[level].flush_ms for level in watch.levels},
        "memory_mb": round(watch.memory_mb),
        "cpu_s": round(spent, 1),
        "players_per_cpu": round(players * seconds / spent),
        "stores_agree": built.services.taps.verify().agree,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(*map(int, sys.argv[1:])), indent=2) + "\n")
