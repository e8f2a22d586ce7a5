"""What was answered, by route: plain numbers that a request adds to, read once a second by the metrics."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping

from flask import Flask

from clicker.metrics.rules import SECONDS, Series, histogram

OTHER = "other"


class Tally:
    """Answers of one route: by status line, and how many of them took how long (see SECONDS)."""

    __slots__ = ("buckets", "seconds", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[str, int] = defaultdict(int)
        self.buckets = [0] * (len(SECONDS) + 1)
        self.seconds = 0.0

    def took(self, seconds: float) -> None:
        self.seconds += seconds
        self.buckets[bisect_left(SECONDS, seconds)] += 1


class Tallies(dict[str, Tally]):
    """One tally for every address of the app; those with variable parts share that of their first part."""

    def __init__(self) -> None:
        self[OTHER] = Tally()

    def learn(self, app: Flask) -> None:
        """Takes the app's routes over; call it when all are registered."""
        for rule in app.url_map.iter_rules():
            self[first(rule.rule) if rule.arguments else rule.rule] = Tally()

    def of(self, path: str) -> Tally:
        """The tally of a path that is not itself a key."""
        return self.get(first(path)) or self[OTHER]

    def counted(self) -> Mapping[Series, float]:
        """All of it, as the metrics want it."""
        found: dict[Series, float] = {}
        for route, tally in self.items():
            answers: Counter[str] = Counter()
            for status, count in tally.statuses.items():
                answers[status[:3]] += count
            found |= {("clicker_http_requests_total", route, s): n for s, n in answers.items()}
            if any(tally.buckets):
                name = "clicker_http_request_duration_seconds"
                found |= histogram(name, route, buckets=tally.buckets, seconds=tally.seconds)
        return found


def first(path: str) -> str:
    """`/static` of `/static/js/app.js`."""
    return "/" + path.split("/", 2)[1] if path.startswith("/") else OTHER
