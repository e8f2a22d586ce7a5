"""Everything that runs, each part of which can be killed, frozen and started again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clicker import wiring
from clicker.limits.rules import TIERS
from clicker.settings import Settings
from clicker.stores import embedded, schema
from clicker.stores.embedded import embedded_postgres
from clicker.wiring import Services
from tests.faults.load import Http, Tapper
from tests.processes import Process, Web, free_port, worker
from tests.waiting import eventually

PLAYERS = 8
PATIENCE_S = 30
NO_LIMITS = {f"LIMIT_{tier.upper()}": "off" for tier in TIERS}
"""A few players do here what thousands do elsewhere."""


@dataclass
class House:
    """Everything that runs, each part of which can be killed and started again."""

    postgres: Any
    valkey: Any
    web: Web
    worker: Process
    services: Services

    def tappers(self, timeout_s: float = 3) -> list[Tapper]:
        """Players who tap until `settle`."""
        found = [Tapper(Http(self.web.url, timeout_s), 100 + number).enter() for number in range(PLAYERS)]
        for tapper in found:
            tapper.start()
        return found

    def moves(self, tappers: list[Tapper]) -> None:
        """Waits until everyone was acknowledged more than now."""
        before = [tapper.acknowledged for tapper in tappers]
        eventually(
            lambda: all(t.acknowledged > old + 6 for t, old in zip(tappers, before, strict=True)),
            PATIENCE_S,
            "everyone taps",
        )

    def settle(self, tappers: list[Tapper]) -> None:
        """Everyone sends what they have left; then acknowledged = tapped = counted in both stores, for each."""
        for tapper in tappers:
            tapper.enough.set()
        for tapper in tappers:
            tapper.join(90)
            assert not tapper.is_alive()
            assert tapper.odd == []
            assert tapper.acknowledged == tapper.made
            assert self.services.players.known(tapper.device.player).clicks == tapper.made
        eventually(self.flushed, PATIENCE_S, f"the worker flushes, see {self.worker.log}")
        assert self.services.taps.ledger.total() == sum(tapper.made for tapper in tappers)
        for tapper in tappers:
            rows = self.services.taps.history.of(tapper.device.player)
            assert sum(row["clicks"] for row in rows) == tapper.made
        assert self.services.taps.history.different() == 0

    def flushed(self) -> bool:
        """Both stores agree. A worker ends itself when its store is gone; a supervisor starts it again, as here."""
        if not self.worker.alive:
            self.worker.start()
        return self.services.taps.verify().agree

    def kill(self, part: str) -> None:
        getattr(self, part).kill()

    def start(self, part: str) -> None:
        getattr(self, part).start()
        eventually(self.web.ready, 30, f"web is ready after the {part}, see {self.web.log}")


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    postgres = embedded.Running(embedded_postgres.prepare((folder / "postgres").resolve(), free_port()))
    postgres.start()
    with embedded.valkey(folder / "valkey") as valkey:
        settings = Settings(database_url=postgres.url, redis_url=valkey.url)
        services = wiring.build(settings)
        schema.upgrade()
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "LOG_FORMAT": "text",
        } | NO_LIMITS
        web = Web(environment, folder / "web.log", config="tests/faults/gunicorn.py").started()
        background = worker(environment, folder / "worker.log").start()
        try:
            yield House(postgres, valkey, web, background, services)
        finally:
            web.stop()
            background.stop()
            services.postgres.close_all()
            postgres.stop()
