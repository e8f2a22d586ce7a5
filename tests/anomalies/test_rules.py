"""How well robots are told from people: measured on traces of both."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from clicker.anomalies.rules import Limits, Sign, State, Window, decided, score, signs
from clicker.settings import Settings
from tests.anomalies import traces
from tests.anomalies.traces import Batch

DEFAULT = Settings()
LIMITS = Limits(
    DEFAULT.tap_rate,
    DEFAULT.anomaly_rapid,
    DEFAULT.anomaly_even,
    DEFAULT.anomaly_cap,
    DEFAULT.anomaly_tireless_s,
    DEFAULT.anomaly_windows,
)
PEOPLE, ROBOTS = 400, 50
MOST_FALSE = 0.005


def flagged(windows: list[Window]) -> bool:
    state, points = State.WATCHED, 0
    for window in windows:
        points = score(points, bool(signs(window, LIMITS)))
        state = decided(state, points, LIMITS)
    return state == State.FLAGGED


def robot(kind: str, random: Random) -> Iterator[Batch]:
    """The four kinds: a steady auto-clicker, one at the cap, a script with rapid batches, one that copies a person."""
    if kind == "even":
        return traces.sent(traces.metronome(random, random.uniform(8, 18), random.uniform(0, 0.1)), random)
    if kind == "cap":
        return traces.sent(traces.metronome(random, random.uniform(24, 40), 0.5), random)
    if kind == "rapid":
        return traces.rapid(random)
    return traces.sent(traces.person(random, rests=False), random, flush_ms=5000)


@pytest.mark.parametrize(
    ("kind", "minutes"), [("even", 40), ("cap", 40), ("rapid", 10), ("tireless", 9 * 60)]
)
def test_robots_are_flagged(kind, minutes):
    number = 8 if kind == "tireless" else ROBOTS
    found = [
        flagged(traces.windows(robot(kind, random), minutes, random)) for random in map(Random, range(number))
    ]
    print(f"{kind}: {sum(found)} of {number} flagged")  # noqa: T201 - the figure for the docs (pytest -rP)
    assert sum(found) >= 0.95 * number


def test_people_are_not():
    false, suspicious, judged = 0, 0, 0
    for seed in range(PEOPLE):
        random = Random(10_000 + seed)
        slow_pace = seed % 10 == 0
        batches = traces.sent(traces.person(random), random, flush_ms=5000 if slow_pace else 1000)
        windows = traces.windows(batches, 90 if slow_pace else 45, random)
        false, judged = false + flagged(windows), judged + len(windows)
        suspicious += sum(bool(signs(window, LIMITS)) for window in windows)
    print(f"people: {false} of {PEOPLE} flagged; {suspicious} of {judged} windows suspicious")  # noqa: T201
    assert judged > 3 * PEOPLE
    assert false <= MOST_FALSE * PEOPLE


def test_two_devices_of_one_person_are_no_robot():
    for seed in range(20):
        random = Random(seed)
        devices = [
            list_of(traces.sent(traces.person(random, fingers=(0.6, 1)), random), 30 * 60_000)
            for _ in range(2)
        ]
        merged = sorted(arrival for device in devices for arrival in device)
        gaps = [(after[0] - before[0], after[1]) for before, after in pairwise(merged)]
        assert not flagged(traces.windows(iter(gaps), 30, random))


def list_of(batches: Iterator[Batch], until_ms: float) -> list[tuple[float, int]]:
    now, found = 0.0, []
    for gap, taps in batches:
        now += gap
        if now > until_ms:
            return found
        found.append((now, taps))
    return found


def window(**given: float) -> Window:
    plain = {
        "batches": 40,
        "rapid": 0,
        "dry": 0,
        "taps": 400,
        "ms": 40_000,
        "energy": 4.8,
        "since": 0,
        "at": 40_000,
    }
    return Window(**{**plain, **given})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ()),
        ({"rapid": 20}, (Sign.RAPID,)),
        ({"energy": 4.0}, (Sign.EVEN,)),
        ({"energy": 0.36, "taps": 120}, ()),
        ({"dry": 32}, (Sign.CAP,)),
        ({"taps": 800, "energy": 20.0}, (Sign.CAP,)),
        ({"at": 4 * 3600 * 1000}, (Sign.TIRELESS,)),
        ({"batches": 0, "taps": 0, "ms": 0}, ()),
    ],
)
def test_each_sign_has_its_limit(given, expected):
    assert signs(window(**given), LIMITS) == expected


def test_what_an_operator_decided_stays():
    assert decided(State.TRUSTED, 99, LIMITS) == State.TRUSTED
    assert decided(State.FLAGGED, 0, LIMITS) == State.FLAGGED
