"""`make chaos`, in short: the house under its supervisor; every part killed once, then all stop in good order."""

from pathlib import Path

import pytest

from bench.chaos import PARTS, Town
from tests.journeys.house import House

PLAYERS = 4
SEED = 1
"""The order of the kills; `make chaos` takes another each time."""


@pytest.mark.timeout(300)
def test_what_was_acknowledged_is_in_both_stores_after_every_part_was_killed_and_a_stop(folder: Path) -> None:
    house = House(folder).started()
    try:
        town = Town(house, PLAYERS, seed=SEED)
        town.begin()
        for part in town.random.sample(sorted(PARTS), len(PARTS)):
            town.move()
            town.kill(part)
        town.move()
        house.stop()
        assert not house.alive
        house.started()
        town.move()
        assert town.judge() > 0
        assert town.killed == dict.fromkeys(PARTS, 1)
    finally:
        house.stop()
