"""Players as they behave, by k6: latency, loss, the level that pace chose, and what a player costs."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from clicker import wiring
from clicker.settings import SANDBOX_TOKEN, Settings
from clicker.stores import embedded, schema
from clicker.wiring import Services
from tests.processes import ROOT, Web, worker

K6 = Path(sys.executable).with_name("k6")


@dataclass
class Watch:
    """What the server processes spent, and the levels seen, once a second while players play."""

    services: Services
    processes: list[psutil.Process]
    levels: Counter[str] = field(default_factory=Counter)
    memory_mb: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    def cpu(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self._all())

    def run(self) -> None:
        while not self.stop.wait(1):
            self.levels[self.services.pace.follow().level] += 1
            self.memory_mb = max(self.memory_mb, sum(p.memory_info().rss for p in self._all()) / 2**20)

    def _all(self) -> list[psutil.Process]:
        return [p for parent in self.processes for p in [parent, *parent.children(recursive=True)]]


def run(players: int, seeded: int, ramp_s: int, hold_s: int) -> dict[str, Any]:
    """One crowd on fresh stores. Returns the figures."""
    with tempfile.TemporaryDirectory(prefix="clicker-") as made:
        folder = Path(made)
        with (
            embedded.postgres(folder / "postgres") as database_url,
            embedded.valkey(folder / "valkey") as valkey,
        ):
            services = wiring.build(Settings(database_url=database_url, redis_url=valkey.url))
            schema.upgrade()
            environment = {"DATABASE_URL": database_url, "REDIS_URL": valkey.url, "FLASK_APP": "wsgi"}
            if seeded:
                seed = [sys.executable, "-m", "flask", "seed", "--players", str(seeded)]
                subprocess.run(
                    seed, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True
                )
            web = Web(environment, folder / "web.log").started()
            background = worker(environment, folder / "worker.log").start()
            try:
                mine = psutil.Process().children()
                return crowd(services, web, mine, folder, players, ramp_s, hold_s)
            finally:
                web.stop()
                background.stop()
                services.postgres.close_all()


def crowd(
    services: Services,
    web: Web,
    processes: list[psutil.Process],
    folder: Path,
    players: int,
    ramp_s: int,
    hold_s: int,
) -> dict[str, Any]:
    watch = Watch(services, processes)
    before = watch.cpu()
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    summary = folder / "summary.json"
    variables = {"URL": web.url, "BOT_TOKEN": SANDBOX_TOKEN, "SUMMARY": str(summary), "PLAYERS": str(players)}
    variables |= {"RAMP_S": str(ramp_s), "HOLD_S": str(hold_s), "K6_NO_USAGE_REPORT": "true"}
    k6 = subprocess.run(
        [str(K6), "run", "--quiet", "--log-output=stderr", str(ROOT / "bench/k6/players.js")],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=ramp_s + hold_s + 300,
    )
    spent = watch.cpu() - before
    watch.stop.set()
    thread.join()
    assert summary.exists(), k6.stderr[-3000:]
    services.taps.flush()
    return figures(
        json.loads(summary.read_text())["metrics"], services, watch, spent, players, ramp_s / 2 + hold_s
    )


def figures(
    metrics: dict[str, Any], services: Services, watch: Watch, spent: float, players: int, seconds: float
) -> dict[str, Any]:
    def counted(name: str) -> int:
        return int(metrics.get(name, {}).get("values", {}).get("count", 0))

    click = metrics["click_ms"]["values"]
    return {
        "players": players,
        "right": counted("players_right"),
        "wrong": counted("players_wrong"),
        "taps": counted("taps_accepted"),
        "batches": int(metrics["http_reqs"]["values"]["count"]),
        "pushes": counted("pushes"),
        "answers_503": counted("answers_503"),
        "answers_5xx": counted("answers_5xx"),
        "click_p50_ms": round(click["med"], 1),
        "click_p95_ms": round(click["p(95)"], 1),
        "click_p99_ms": round(click["p(99)"], 1),
        "levels_s": dict(watch.levels),
        "memory_mb": round(watch.memory_mb),
        "cpu_s": round(spent, 1),
        "players_per_cpu": round(players * seconds / spent),
        "stores_agree": services.taps.verify().agree,
    }


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]] or [5000, 100_000, 60, 60]
    sys.stdout.write(json.dumps(run(*arguments), indent=2) + "\n")
