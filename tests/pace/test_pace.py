"""Levels: raised at once, lowered after ten quiet seconds, one for everyone, held by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clicker.pace.rules import LEVELS, ORDER, Sample, State, judge, step, together

samples = st.builds(
    Sample,
    at=st.just(0.0),
    loop_ms=st.floats(0, 2000),
    store_ms=st.floats(0, 2000),
    in_flight=st.integers(0, 400),
    sessions=st.integers(0, 10_000),
    jobs=st.integers(0, 500),
    messages=st.integers(0, 5000),
)


@pytest.mark.parametrize(
    ("measure", "value", "level"),
    [
        ("loop_ms", 39, "calm"),
        ("loop_ms", 40, "busy"),
        ("store_ms", 150, "strained"),
        ("in_flight", 240, "shedding"),
        ("sessions", 1100, "busy"),
        ("sessions", 100_000, "strained"),
        ("jobs", 100, "strained"),
        ("messages", 200, "busy"),
    ],
)
def test_each_measure_calls_for_its_level(measure, value, level):
    assert judge(Sample(0, **{measure: value})) == (level, (measure,) if level != "calm" else ())


@given(samples, st.sampled_from(ORDER))
def test_a_level_is_raised_at_once_and_never_lowered_at_once(sample, before):
    after = step(State(before), sample)
    assert ORDER.index(after.level) == max(ORDER.index(before), ORDER.index(judge(sample)[0]))


def test_a_level_is_lowered_after_ten_quiet_seconds():
    state = step(State(), Sample(0, loop_ms=1000))
    for second in range(1, 11):
        state = step(state, Sample(second))
        assert state.level == "shedding", second
    assert step(state, Sample(11)).level == "calm"


def test_a_load_that_goes_on_lowers_one_level_at_a_time():
    state, levels = step(State(), Sample(0, in_flight=300)), []
    for second in range(1, 41):
        state = step(state, Sample(second, sessions=1500))
        levels.append(state.level)
    assert levels == ["shedding"] * 10 + ["strained"] * 11 + ["busy"] * 19


def test_a_relapse_starts_the_quiet_anew():
    state = step(State(), Sample(0, loop_ms=1000))
    state = step(state, Sample(5))
    state = step(state, Sample(9, loop_ms=1000))
    assert step(state, Sample(16)).level == "shedding"


def test_the_worst_process_counts_and_sessions_are_shared_out():
    whole = together([Sample(10, loop_ms=5, sessions=1500), Sample(10, loop_ms=90, sessions=1500)], 10)
    assert (whole.loop_ms, whole.sessions) == (90, 750)


def test_a_process_that_is_gone_does_not_count():
    assert together([Sample(0, loop_ms=5000), Sample(10)], 10).loop_ms == 0


def test_all_processes_follow_one_level(services, clock):
    from clicker.pace.service import PaceService
    from clicker.pace.store import PaceStore

    other = PaceService(PaceStore(services.redis), clock)
    services.pace.sample("a", Sample(clock(), loop_ms=200))
    assert other.sample("b", Sample(clock())).level == "strained"
    assert other.current() is LEVELS["strained"]
    third = PaceService(PaceStore(services.redis), clock)
    assert third.current().level == "calm"
    assert third.follow().level == "strained"


def test_a_held_level_stays_until_it_is_released(services, clock):
    services.pace.hold("busy")
    assert services.pace.sample("a", Sample(clock(), loop_ms=5000)).level == "busy"
    services.pace.release()
    assert services.pace.current().level == "shedding"
    with pytest.raises(KeyError):
        services.pace.hold("relaxed")


def test_every_answer_tells_the_pace(services, alice):
    services.pace.hold("strained")
    answer = alice.tap(1)
    assert answer.json["pace"] == {
        "level": "strained",
        "flushMs": 5000,
        "refreshMs": 10000,
        "heartbeatMs": 20000,
    }
    assert (answer.headers["X-Pace"], answer.headers["X-Flush-Ms"]) == ("strained", "5000")
