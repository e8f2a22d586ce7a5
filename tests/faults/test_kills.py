"""kill -9 while people tap: what was acknowledged is counted, in both stores, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clicker import wiring
from clicker.settings import Settings
from clicker.stores import embedded, schema
from clicker.stores.embedded import embedded_postgres
from clicker.wiring import Services
from tests.faults.load import Tapper
from tests.processes import Process, Web, free_port, worker
from tests.waiting import eventually

PLAYERS = 8


@dataclass
class House:
    """Everything that runs, each part of which can be killed and started again."""

    postgres: Any
    valkey: Any
    web: Web
    worker: Process
    services: Services

    def kill(self, part: str) -> None:
        getattr(self, part).kill()

    def start(self, part: str) -> None:
        getattr(self, part).start()
        eventually(self.web.ready, 30, f"web is ready after the {part}, see {self.web.log}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    postgres = embedded.Running(embedded_postgres.prepare((tmp_path / "postgres").resolve(), free_port()))
    postgres.start()
    with embedded.valkey(tmp_path / "valkey") as valkey:
        settings = Settings(database_url=postgres.url, redis_url=valkey.url)
        services = wiring.build(settings)
        schema.upgrade()
        environment = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "LOG_FORMAT": "text"}
        web = Web(environment, tmp_path / "web.log").started()
        background = worker(environment, tmp_path / "worker.log").start()
        try:
            yield House(postgres, valkey, web, background, services)
        finally:
            web.stop()
            background.stop()
            services.postgres.close_all()
            postgres.stop()


@pytest.mark.parametrize("part", ["web", "worker", "valkey", "postgres"])
def test_what_was_acknowledged_is_counted_after_kill_9_of(part: str, house: House) -> None:
    tappers = [Tapper(house.web.url, 100 + number).enter() for number in range(PLAYERS)]
    for tapper in tappers:
        tapper.start()
    for _ in range(2):
        before = [tapper.acknowledged for tapper in tappers]
        eventually(lambda before=before: all_moved(tappers, before), 20, "everyone taps before the kill")
        house.kill(part)
        house.start(part)
    before = [tapper.acknowledged for tapper in tappers]
    eventually(lambda: all_moved(tappers, before), 20, "everyone taps after the kill")
    for tapper in tappers:
        tapper.enough.set()
    for tapper in tappers:
        tapper.join(90)
        assert not tapper.is_alive()
    judge(house, tappers)


def all_moved(tappers: list[Tapper], before: list[int]) -> bool:
    return all(tapper.acknowledged > old + 6 for tapper, old in zip(tappers, before, strict=True))


def judge(house: House, tappers: list[Tapper]) -> None:
    for tapper in tappers:
        assert tapper.odd == []
        assert tapper.acknowledged == tapper.made
        assert house.services.players.known(tapper.device.player).clicks == tapper.made
    eventually(lambda: restarted(house) and house.services.taps.verify().agree, 20, "the worker flushes")
    assert house.services.taps.ledger.total() == sum(tapper.made for tapper in tappers)


def restarted(house: House) -> bool:
    """The worker ends itself when its store is gone for good; a supervisor starts it again, as here."""
    if not house.worker.alive:
        house.worker.start()
    return True
