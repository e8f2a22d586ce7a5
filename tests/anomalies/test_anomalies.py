"""From a robot's taps to a lower cap, a row for the operator, and back."""

from math import isclose
from random import Random

import pytest

from clicker.anomalies.rules import BATCHES, State
from clicker.audit.rules import Actor, Wanted
from clicker.stores.postgres import connection
from tests.conftest import wipe

OPERATOR = Actor.operator("cli:test")


def play(alice, clock, batches: int, taps: int = 10) -> None:
    """A batch a second, on the second: such a moment is sampled (tap.lua), or it would take eight times as many."""
    assert clock.now % 1 == 0
    for _ in range(batches):
        clock.move(1)
        alice.tap(taps)


@pytest.fixture
def alice(alice):
    """Who has tapped before: a beat is between two batches."""
    alice.tap(1)
    return alice


def robot(alice, services, clock, windows: int = 3) -> None:
    """Taps evenly for so many windows, each of which is judged."""
    for _ in range(windows):
        play(alice, clock, BATCHES)
        services.taps.flush()
        services.anomalies.judge()


def test_the_script_sums_as_the_model_does(alice, services, clock):
    random, sums, since = Random(3), [0, 0, 0, 0, 0, 0.0], 0
    alice.tap(1)
    while sums[0] < BATCHES:
        before = clock.now
        clock.now = round((clock.now + random.choice((0.05, 0.4, 1, 1, 2.5))) * 1000) / 1000
        taps, gap = random.randint(1, 60), int(clock.now * 1000) - int(before * 1000)
        deferred = alice.tap(taps).json["deferred"]
        if int(clock.now * 1000) % 8 == 0:
            for place, value in enumerate((1, gap < 100, deferred > 0, taps, gap, taps * taps / gap)):
                sums[place] += value
            since = since or 1
    window = services.anomalies.hot.take(10)[alice.player]
    assert [window.batches, window.rapid, window.dry, window.taps, window.ms] == sums[:5]
    assert isclose(window.energy, sums[5], rel_tol=1e-4)
    assert window.at == int(clock.now * 1000)
    assert services.anomalies.hot.take(10) == {}


def test_a_pause_begins_the_beat_anew(alice, services, clock):
    play(alice, clock, BATCHES - 1)
    clock.move(60)
    play(alice, clock, 1 + BATCHES)
    window = services.anomalies.hot.take(10)[alice.player]
    assert window.at - window.since < (BATCHES + 1) * 1000


def test_a_robot_is_flagged_capped_and_told_to_the_operator(alice, services, clock):
    robot(alice, services, clock, windows=2)
    assert services.anomalies.top()[0] | {"since": 0, "changed_at": 0, "variation": 0} == {
        "player": alice.player,
        "state": "watched",
        "score": 2,
        "suspicious": 2,
        "signs": "even",
        "speed": 10.0,
        "variation": 0,
        "since": 0,
        "changed_at": 0,
    }
    assert alice.tap(100).json["deferred"] == 0
    robot(alice, services, clock, windows=1)
    assert services.anomalies.top(State.FLAGGED)[0]["player"] == alice.player
    services.audit.move()
    recorded = services.audit.search(Wanted(action="player.flagged")).entries[0]
    assert (recorded["role"], recorded["details"]) == ("system", {"signs": "even"})


def test_what_a_flagged_player_taps_is_deferred_and_never_lost(alice, services, clock):
    services.taps.flush()
    services.anomalies.flag(alice.player, OPERATOR)
    clock.move(3600)
    rate, burst = services.settings.flagged_tap_rate, services.settings.tap_burst
    depth = burst * rate // services.settings.tap_rate
    first = alice.tap(1000).json
    assert (first["accepted"], first["deferred"]) == (depth, 1000 - depth)
    clock.move(10)
    second = alice.tap(first["deferred"]).json
    assert (second["accepted"], second["deferred"]) == (10 * rate, first["deferred"] - 10 * rate)
    assert second["myClicks"] == 1 + depth + 10 * rate
    services.taps.flush()
    assert services.taps.verify().agree


def test_somebody_who_is_flagged_in_the_middle_of_it_loses_nothing_that_was_acknowledged(
    alice, services, clock
):
    """A robot at 40 taps a second, whose client keeps to the protocol: what is deferred is sent again."""
    made, acknowledged, waiting, answer = 1, 1, 0, None
    while services.anomalies.top(State.FLAGGED) == []:
        for _ in range(BATCHES):
            clock.move(1)
            made, waiting = made + 40, waiting + 40
            delta = min(1000, waiting)
            answer = alice.tap(delta).json
            acknowledged, waiting = acknowledged + answer["accepted"], waiting - delta + answer["deferred"]
            assert answer["myClicks"] == acknowledged
        services.taps.flush()
        services.anomalies.judge()
    assert alice.tap(1000, alice.sequence).json == answer, "a replay gets the answer from before the flag"
    while waiting:
        clock.move(30)
        delta = min(1000, waiting)
        answer = alice.tap(delta).json
        assert 0 < answer["accepted"] <= 30 * services.settings.flagged_tap_rate + 1
        acknowledged, waiting = acknowledged + answer["accepted"], waiting - delta + answer["deferred"]
    assert alice.clicks() == acknowledged == made
    services.taps.flush()
    assert services.taps.verify().agree
    assert services.taps.ledger.total() == made


def test_an_unflagged_player_is_trusted_for_good(alice, services, clock):
    robot(alice, services, clock)
    services.anomalies.unflag(alice.player, OPERATOR)
    robot(alice, services, clock, windows=4)
    assert services.anomalies.top()[0]["state"] == "trusted"
    clock.move(3600)
    assert alice.tap(700).json["deferred"] == 0
    services.anomalies.flag(alice.player, OPERATOR)
    assert services.anomalies.top()[0]["state"] == "flagged"


def test_somebody_who_taps_like_a_person_again_loses_the_score(alice, services, clock):
    robot(alice, services, clock, windows=2)
    random = Random(1)
    for _ in range(2):
        for _ in range(BATCHES):
            play(alice, clock, 1, taps=random.randint(3, 12))
        services.anomalies.judge()
    assert (services.anomalies.top()[0]["score"], services.anomalies.top()[0]["suspicious"]) == (0, 2)
    clock.move(91 * 86_400)
    services.anomalies.judge()
    assert services.anomalies.top() == []


def test_a_flag_outlives_the_hot_store(alice, services, clock):
    services.taps.flush()
    services.anomalies.flag(alice.player, OPERATOR)
    wipe(services)
    services.taps.rebuild()
    services.anomalies.judge()
    clock.move(3600)
    assert alice.tap(1000).json["deferred"] == 850


def test_a_person_leaves_no_row(alice, services, clock):
    random = Random(1)
    for _ in range(BATCHES):
        play(alice, clock, 1, taps=random.randint(3, 12))
    services.taps.flush()
    assert services.anomalies.judge() == 1
    assert services.anomalies.top() == []


@pytest.mark.parametrize("when", ["before the window is taken", "after"])
def test_a_deleted_player_leaves_neither_window_nor_row(alice, services, clock, when):
    play(alice, clock, BATCHES)
    services.taps.flush()
    if when == "after":
        services.anomalies.judge()
        services.anomalies.flag(alice.player, OPERATOR)
    services.players.forget(alice.player)
    assert services.anomalies.judge() == 0
    assert services.anomalies.top() == []
    with connection() as database:
        assert database.execute_sql("SELECT count(*) FROM anomaly").fetchone() == (0,)
