"""kill -9 while people tap: what was acknowledged is counted, in both stores, once."""

import pytest

from tests.faults.conftest import House


@pytest.mark.parametrize("part", ["web", "worker", "valkey", "postgres"])
def test_what_was_acknowledged_is_counted_after_kill_9_of(part: str, house: House) -> None:
    tappers = house.tappers()
    for _ in range(2):
        house.moves(tappers)
        house.kill(part)
        house.start(part)
    house.moves(tappers)
    house.settle(tappers)
