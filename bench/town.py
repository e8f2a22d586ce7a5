"""What the benchmarks run against: fresh stores, a web process, a worker, and players who are already in."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from clicker import wiring
from clicker.cli.seed import FIRST_ID
from clicker.settings import Settings
from clicker.stores import embedded, schema
from clicker.wiring import Services
from tests.processes import ROOT, Process, Web, worker

UNLIMITED = {"TAP_RATE": "1000000", "TAP_BURST": "100000000", "SESSION_IDLE_S": "3600"}


@dataclass
class Town:
    """Everything that runs; `environment` is what its processes were given."""

    services: Services
    web: Web
    worker: Process
    environment: dict[str, str]

    def seed(self, players: int) -> None:
        """Made-up players with usernames, in both stores."""
        argv = [sys.executable, "-m", "flask", "seed", "--players", str(players)]
        subprocess.run(
            argv, cwd=ROOT, env={**os.environ, **self.environment}, check=True, capture_output=True
        )

    def enter(self, players: int) -> list[str]:
        """Opens a session for each of the first seeded players. Returns their tokens."""
        sessions, now = self.services.sessions, self.services.clock()
        tokens = []
        for player in range(FIRST_ID, FIRST_ID + players):
            session = f"bench{player}"
            assert sessions.hot.open(player, session, "Bench", "en"), "the hot store is not ready"
            tokens.append(sessions.tokens.issue(player, session, "en", now))
        return tokens

    def servers(self) -> list[psutil.Process]:
        """All server processes: stores, web, worker, with their children."""
        mine = psutil.Process().children(recursive=True)
        return [process for process in mine if "k6" not in process.name()]

    def cpu(self) -> float:
        """CPU time of all server processes so far, in seconds."""
        return sum(sum(process.cpu_times()[:2]) for process in self.servers())

    def memory_mb(self) -> float:
        return float(sum(process.memory_info().rss for process in self.servers()) / 2**20)


@contextmanager
def town(app: str = "wsgi:app", **environment: str) -> Iterator[Town]:
    """A whole town, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="clicker-") as made:
        folder = Path(made)
        with (
            embedded.postgres(folder / "postgres") as database_url,
            embedded.valkey(folder / "valkey") as valkey,
        ):
            given = {
                "DATABASE_URL": database_url,
                "REDIS_URL": valkey.url,
                "FLASK_APP": "wsgi",
                **environment,
            }
            services = wiring.build(Settings.from_env(given))
            schema.upgrade()
            web = Web(given, folder / "web.log", app=app).started()
            background = worker(given, folder / "worker.log").start()
            try:
                yield Town(services, web, background, given)
            finally:
                web.stop()
                background.stop()
                services.postgres.close_all()
