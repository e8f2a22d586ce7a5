"""The clock steps: nobody is throttled, paused for ever or shown an old board because of it."""

import pytest


@pytest.mark.parametrize("step", [-3600, -61, 3600])
def test_taps_go_on_after_the_clock_stepped(alice, clock, services, step):
    alice.tap(10)
    services.leaderboard.refresh()
    clock.move(step)
    services.sessions.reap()
    assert alice.resume().status_code == 201
    clock.move(1)
    assert alice.tap(5).json["accepted"] == 5
    clock.move(1)
    assert alice.get("/leaderboard").json["entries"][0]["clicks"] == 15
    services.taps.flush()
    assert services.taps.verify().agree


def test_a_session_from_before_a_step_back_is_still_reaped_later(alice, clock, services):
    clock.move(-30)
    alice.tap(1)
    clock.move(62)
    services.sessions.reap()
    clock.move(31)
    services.sessions.reap()
    assert services.sessions.active() == 0
