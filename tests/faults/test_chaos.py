"""`make chaos`, in short: the whole house under its own supervisor, processes killed at random, and a stop in good order."""

import time
from pathlib import Path

from bench.chaos import Town
from tests.journeys.house import House

SEED, PLAYERS, FEWEST, ENOUGH_S = 7, 6, 3, 8.0
"""Rounds go on for ENOUGH_S, and are FEWEST at least."""


def test_what_was_acknowledged_is_in_both_stores_after_kills_at_random_and_a_stop(folder: Path) -> None:
    house = House(folder).started()
    try:
        town = Town(house, PLAYERS, SEED)
        town.begin()
        begun, rounds = time.monotonic(), 0
        while rounds < FEWEST or time.monotonic() - begun < ENOUGH_S:
            town.round()
            rounds += 1
        house.stop()
        assert not house.alive
        house.started()
        town.move()
        assert town.judge() > 0
        assert sum(town.killed.values()) >= rounds
    finally:
        house.stop()
