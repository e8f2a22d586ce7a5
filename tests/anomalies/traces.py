"""People and robots that tap: what they send, batch by batch, as (milliseconds since the batch before, taps)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import log
from random import Random

from clicker.anomalies.rules import BATCHES, Window

Batch = tuple[float, int]
FLUSH_MS = 1000.0
MOST = 1000
"""Taps in one batch."""
DRY_MS = 10_000.0
"""How long the Mini App waits at the most when taps were deferred (sender.js)."""


@dataclass(frozen=True)
class Line:
    """The way to the server: one way in ms (median, spread), minutes between losing it, minutes without it."""

    ms: float = 40
    spread: float = 0.5
    lost_every: float = 1e9
    lost_for: tuple[float, float] = (0.2, 8)


GOOD, POOR = Line(), Line(220, 1.0)
SUBWAY = Line(90, 0.8, lost_every=4)


def sent(
    taps: Iterator[float],
    random: Random,
    flush_ms: float = FLUSH_MS,
    line: Line = GOOD,
    rate: float = 25,
    patient: bool = True,
) -> Iterator[Batch]:
    """What the Mini App makes of taps at these times (ms): a batch every flush interval, ± 10 % and the network.

    One batch is under way at a time; what is tapped meanwhile, or without a line, goes in the next ones, of MOST taps
    each. What the bucket of `rate` taps a second does not take is deferred; who is `patient`, as the Mini App is, sends
    it again when the bucket may have filled.
    """
    arrived, due, waiting, dry, bucket = 0.0, 0.0, 0, 0, 30 * rate
    lost = random.expovariate(1 / line.lost_every) * 60_000
    for at in taps:
        while waiting and at > due:
            if due > lost:
                due = max(due, lost + random.uniform(*line.lost_for) * 60_000)
                lost = due + random.expovariate(1 / line.lost_every) * 60_000
                continue
            now = max(arrived + 1, due + random.lognormvariate(log(line.ms), line.spread))
            batch = min(waiting, MOST)
            yield now - arrived, batch
            bucket = min(30 * rate, bucket + (now - arrived) * rate / 1000)
            accepted = min(batch, int(bucket))
            bucket, waiting, dry = bucket - accepted, waiting - accepted, dry + 1 if accepted < batch else 0
            answered, arrived = now + random.lognormvariate(log(line.ms), line.spread), now
            pause = min(DRY_MS, flush_ms * 2 ** min(dry, 9)) if dry and patient else flush_ms
            due = max(due + pause * random.uniform(0.9, 1.1), answered)
        if not waiting and at > due:
            due = at + flush_ms * random.uniform(0.9, 1.1)
        waiting += 1


def person(
    random: Random,
    rests: bool = True,
    fingers: tuple[float, ...] = (1, 1, 2),
    spread: tuple[float, float] = (0.15, 0.45),
    median: tuple[float, float] = (105, 260),
) -> Iterator[float]:
    """One thumb or two, bursts and slack, hesitation, pauses to look up; and, if it rests, longer ones."""
    middle, wide = log(random.uniform(*median) / random.choice(fingers)), random.uniform(*spread)
    drift, tempo, now, burst = random.uniform(0.03, 0.1), 0.0, 0.0, 0
    pauses, bursts, rest = 1 / random.uniform(8, 45), 1 / random.uniform(15, 90), rests / 400
    chance, gap_of = random.random, random.lognormvariate
    for number in count():
        if number % 8 == 0:
            tempo = 0.85 * tempo + random.gauss(0, drift)
        gap = gap_of(middle + tempo, wide) * (0.7 if burst else 1)
        burst -= burst > 0
        what = chance() * 1000 / gap
        if what < bursts:
            burst = burst or random.randint(15, 80)
        elif what < bursts + pauses:
            gap += min(50_000, gap_of(log(1800), 0.9))
        elif what < bursts + pauses + rest:
            gap += random.uniform(20_000, 120_000)
        now += gap
        yield now


def metronome(random: Random, per_s: float, jitter: float = 0.1) -> Iterator[float]:
    """An auto-clicker: the same gap again and again, a little jitter at the most."""
    now = 0.0
    for _ in count():
        now += 1000 / per_s * random.uniform(1 - jitter, 1 + jitter)
        yield now


def rapid(random: Random) -> Iterator[Batch]:
    """A script that sends small batches as quickly as it can."""
    for _ in count():
        yield random.uniform(20, 90), random.randint(1, 3)


def windows(
    batches: Iterator[Batch], minutes: float, random: Random, rate: float = 25, burst: float = 750
) -> list[Window]:
    """What the tap script makes of it: the same sums in Python (see test_the_script_sums_as_the_model_does)."""
    made, now, since, bucket = [], 0.0, 0.0, burst
    sums = [0, 0, 0, 0, 0, 0.0]
    for gap, taps in batches:
        now += gap
        if now > minutes * 60_000:
            return made
        bucket = min(burst, bucket + gap * rate / 1000)
        accepted = min(taps, int(bucket))
        bucket -= accepted
        if gap > 60_000:
            sums, since = [0, 0, 0, 0, 0, 0.0], now
        elif random.random() < 1 / 8:
            for place, value in enumerate((1, gap < 100, accepted < taps, taps, gap, taps * taps / gap)):
                sums[place] += value
            if sums[0] >= BATCHES:
                made.append(Window(*sums, since, now))
                sums = [0, 0, 0, 0, 0, 0.0]
    return made
