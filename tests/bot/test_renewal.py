"""Renewing live messages: how it stops."""

import asyncio
import logging

import pytest

from clicker.bot.game import Game
from clicker.bot.live import Live
from clicker.bot.renewal import Renewal
from clicker.live.rules import BETWEEN_S, Phase
from clicker.wiring import Services
from tests.conftest import FakeClock

ALICE = 1001


class Slow(Game):
    """A game that tells nothing until it is let."""

    def __init__(self) -> None:
        self.looked, self.let = asyncio.Event(), asyncio.Event()

    async def look(self, player: int) -> None:
        self.looked.set()
        await self.let.wait()


class Asked(Live):
    """Nobody asks for anything."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()


@pytest.mark.parametrize("late", [False, True])
def test_what_is_under_way_at_a_stop_ends_without_a_complaint(
    services: Services,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    late: bool,
) -> None:
    """Or is left to its lease, if it takes long."""
    services.live.show(ALICE, 7, "digest", Phase.IDLE, 0)
    clock.move(BETWEEN_S)
    if late:
        monkeypatch.setattr("clicker.bot.renewal.GRACE_S", 0.01)

    async def stopped() -> None:
        game = Slow()
        renewal = Renewal(None, game, Asked(), services.live, None, clock)  # type: ignore[arg-type]
        running = asyncio.create_task(renewal.run())
        await asyncio.wait_for(game.looked.wait(), 10)
        running.cancel()
        await asyncio.sleep(0)
        if not late:
            game.let.set()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, 10)
        assert len(asyncio.all_tasks()) == 1

    with caplog.at_level(logging.ERROR):
        asyncio.run(stopped())
    assert not caplog.records
    assert services.live.count() == late, "the look found no such player: its message is not live any more"
