"""Chaos: people tap while processes are killed -9 at random; what was acknowledged must be counted, once. `make chaos`

The whole house runs under its own supervisor, which starts again what was killed. After every tenth round everyone
stops, sends what is left, and is judged: acknowledged = tapped = hot store = Postgres = the sum of the history, for
each player and in total.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import psutil
import requests

from clicker import wiring
from clicker.settings import Settings
from clicker.stores.embedded import running_urls
from clicker.wiring import Services
from tests.faults.load import Tapper
from tests.journeys.house import House
from tests.waiting import eventually

RESULTS = Path(__file__).parent / "results"
PATIENCE_S = 60
JUDGED_EVERY = 10
PARTS = {
    "web": "wsgi:app",
    "worker": "worker.py",
    "bot": "bot.py",
    "hot store": "valkey-server",
    "Postgres": "bin/postgres",
}
"""What can be killed, and how its command line is known."""


class Town:
    """A house, its players, and the record of what was done to them."""

    def __init__(self, house: House, players: int, seed: int) -> None:
        self.house, self.random = house, random.Random(seed)
        urls = running_urls(Path(house.environment["DATA_DIR"]))
        self.services: Services = wiring.build(Settings(**urls, rq_redis_url=urls["redis_url"]))
        self.made = dict.fromkeys(range(100, 100 + players), 0)
        self.tappers: list[Tapper] = []
        self.killed: dict[str, int] = dict.fromkeys(PARTS, 0)

    def begin(self) -> None:
        self.tappers = [Tapper(self.house.play, player).enter() for player in self.made]
        for tapper in self.tappers:
            tapper.start()

    def round(self) -> str:
        """Kills one or two processes while everyone taps, and waits until everyone is acknowledged again."""
        self.move()
        parts = self.random.sample(sorted(PARTS), self.random.choice([1, 1, 2]))
        for part in parts:
            self.kill(part)
        self.move()
        return " and ".join(parts)

    def kill(self, part: str) -> None:
        """Kills one of the part's processes, or, if it is being started again, what is there of it by then."""
        found = eventually(lambda: self.processes(part), PATIENCE_S, f"{part} runs")
        os.kill(self.random.choice(found).pid, signal.SIGKILL)
        self.killed[part] += 1

    def processes(self, part: str) -> list[psutil.Process]:
        children = psutil.Process(self.house.pid).children(recursive=True)
        return [child for child in children if PARTS[part] in " ".join(cmdline(child))]

    def move(self) -> None:
        before = [tapper.acknowledged for tapper in self.tappers]
        eventually(
            lambda: all(t.acknowledged > old + 6 for t, old in zip(self.tappers, before, strict=True)),
            PATIENCE_S,
            "everyone is acknowledged",
        )

    def judge(self) -> int:
        """Everyone stops and is compared with both stores. Returns the taps made so far."""
        for tapper in self.tappers:
            tapper.enough.set()
        for tapper in self.tappers:
            tapper.join(2 * PATIENCE_S)
            assert not tapper.is_alive(), "a player is stuck"
            assert tapper.odd == [], tapper.odd[:3]
            assert tapper.acknowledged == tapper.made
            self.made[tapper.device.player] += tapper.made
        for player, made in self.made.items():
            assert self.services.players.known(player).clicks == made, player
        eventually(self.agree, PATIENCE_S, "both stores agree")
        assert self.services.taps.ledger.total() == sum(self.made.values())
        for player, made in self.made.items():
            assert self.minutes(player) == made, player
        assert self.services.taps.history.different() == 0
        return sum(self.made.values())

    def minutes(self, player: int) -> int:
        """The sum of a player's history, row by row."""
        return sum(row["clicks"] for row in self.services.taps.history.of(player))

    def agree(self) -> bool:
        try:
            return self.services.taps.verify().agree
        except Exception:  # a store may still be starting; the deadline is the judge
            return False


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def run(rounds: int, players: int, seed: int, log: Path) -> None:
    log.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clicker-") as folder, log.open("w") as output:
        house = House(Path(folder)).started()
        town = Town(house, players, seed)

        def say(text: str) -> None:
            for stream in (output, sys.stdout):
                stream.write(text + "\n")
                stream.flush()

        try:
            say(f"{rounds} rounds, {players} players, seed {seed}")
            town.begin()
            for number in range(1, rounds + 1):
                begun = time.monotonic()
                killed = town.round()
                say(
                    f"round {number:3}: killed {killed}; everyone taps again after {time.monotonic() - begun:.1f} s"
                )
                if number % JUDGED_EVERY == 0 or number == rounds:
                    taps = town.judge()
                    say(f"judged: {taps:,} taps, 0 lost, 0 doubled, both stores and the history agree")
                    if number < rounds:
                        town.begin()
            limits = requests.get(f"{house.sandbox}/sandbox/stats", timeout=10).json()["too_many_requests"]
            say(f"killed {town.killed}; Telegram's limits were hit {limits} times")
        except BaseException:
            say(house.log.read_text()[-6000:])
            raise
        finally:
            house.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--players", type=int, default=12)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    run(chosen.rounds, chosen.players, chosen.seed, RESULTS / "chaos.log")
