"""People and robots that tap: what they send, batch by batch, as (milliseconds since the batch before, taps)."""

from collections.abc import Iterator
from itertools import count
from math import log
from random import Random

from clicker.anomalies.rules import BATCHES, Window

Batch = tuple[float, int]
FLUSH_MS = 1000.0


def sent(taps: Iterator[float], random: Random, flush_ms: float = FLUSH_MS) -> Iterator[Batch]:
    """What the Mini App makes of taps at these times (ms): a batch every flush interval, ± 10 % and the network."""
    arrived, due, waiting = 0.0, 0.0, 0
    for at in taps:
        while waiting and at > due:
            now = max(arrived + 1, due + random.lognormvariate(log(40), 0.5))
            yield now - arrived, waiting
            arrived, waiting = now, 0
        if not waiting:
            due = max(at, due) + flush_ms * random.uniform(0.9, 1.1) if at - due < flush_ms else at + flush_ms
        waiting += 1


def person(random: Random, rests: bool = True, fingers: tuple[float, ...] = (1, 1, 2)) -> Iterator[float]:
    """One thumb or two, bursts and slack, hesitation, pauses to look up; and, if it rests, longer ones."""
    median, spread = random.uniform(105, 260) / random.choice(fingers), random.uniform(0.15, 0.45)
    drift, tempo, now, burst = random.uniform(0.03, 0.1), 0.0, 0.0, 0
    pauses, bursts, rest = 1 / random.uniform(8, 45), 1 / random.uniform(15, 90), rests / 400
    chance, gap_of, middle = random.random, random.lognormvariate, log(median)
    for number in count():
        if number % 8 == 0:
            tempo = 0.85 * tempo + random.gauss(0, drift)
        gap = gap_of(middle + tempo, spread) * (0.7 if burst else 1)
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
