"""How well robots are told from people: measured on traces of both."""

import os
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
PEOPLE, ROBOTS = int(os.environ.get("ANOMALY_PEOPLE") or 300), 50
"""By hand: ANOMALY_PEOPLE=10000 pytest -rP tests/anomalies/test_rules.py takes minutes."""
MOST_FALSE = 0.005


def flagged(windows: list[Window]) -> bool:
    state, points = State.WATCHED, 0
    for window in windows:
        points = score(points, bool(signs(window, LIMITS)))
        state = decided(state, points, LIMITS)
    return state == State.FLAGGED


def robot(kind: str, random: Random) -> Iterator[Batch]:
    """A steady auto-clicker; one at the cap, which waits when told to or does not; rapid batches; a tireless person."""
    if kind == "even":
        return traces.sent(traces.metronome(random, random.uniform(8, 18), random.uniform(0, 0.1)), random)
    if kind.startswith("cap"):
        taps = traces.metronome(random, random.uniform(24, 40), 0.5)
        return traces.sent(taps, random, patient=kind == "cap in the Mini App")
    if kind == "rapid":
        return traces.rapid(random)
    return traces.sent(traces.person(random, rests=False), random, flush_ms=5000)


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [("even", 40), ("cap", 40), ("cap in the Mini App", 240), ("rapid", 10), ("tireless", 9 * 60)],
)
def test_robots_are_flagged(kind, minutes):
    number = 8 if minutes > 60 else ROBOTS
    found = [
        flagged(traces.windows(robot(kind, random), minutes, random)) for random in map(Random, range(number))
    ]
    print(f"{kind}: {sum(found)} of {number} flagged")  # noqa: T201 - the figure for the docs (pytest -rP)
    assert sum(found) >= 0.95 * number


MINUTES = {"slow pace": 180, "subway": 90}


def human(kind: str, seed: int) -> list[Window]:
    """What somebody leaves who plays for three quarters of an hour, or for as long as a few windows take."""
    random = Random(seed)
    if kind == "fast":
        taps = traces.person(random, fingers=(2,), spread=(0.1, 0.25), median=(130, 180))
    else:
        taps = traces.person(random)
    line = {"poor line": traces.POOR, "subway": traces.SUBWAY}.get(kind, traces.GOOD)
    slow = kind == "slow pace"
    batches = traces.sent(taps, random, 5000 if slow else 1000, line)
    return traces.windows(batches, MINUTES.get(kind, 45), random)


@pytest.mark.parametrize("kind", ["plain", "fast", "slow pace", "poor line", "subway"])
def test_people_are_not(kind):
    """All kinds: one thumb or two; two quick thumbs, 11 to 15 taps a second; batches of 5 s; a line that is slow and
    uneven; one that is lost every few minutes for up to eight, after which all that was tapped comes at once."""
    people = PEOPLE // 5
    judged = [human(kind, 10_000 + seed) for seed in range(people)]
    false, count = sum(map(flagged, judged)), sum(map(len, judged))
    suspicious = sum(bool(signs(window, LIMITS)) for windows in judged for window in windows)
    print(f"{kind}: {false} of {people} people flagged; {suspicious} of {count} windows suspicious")  # noqa: T201
    assert count >= people
    assert false <= MOST_FALSE * people


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
        ({"taps": 1273, "energy": 20_000.0, "dry": 1}, ()),
        ({"at": 4 * 3600 * 1000}, (Sign.TIRELESS,)),
        ({"batches": 0, "taps": 0, "ms": 0}, ()),
    ],
)
def test_each_sign_has_its_limit(given, expected):
    assert signs(window(**given), LIMITS) == expected


def test_what_an_operator_decided_stays():
    assert decided(State.TRUSTED, 99, LIMITS) == State.TRUSTED
    assert decided(State.FLAGGED, 0, LIMITS) == State.FLAGGED
