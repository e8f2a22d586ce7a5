"""Raw taps beside a bare Flask route: requests per second and CPU per request, in one server and one run."""

import statistics
from typing import Any

import psutil

from bench.http import Request, Result, fire, post
from bench.town import UNLIMITED, Town, town
from tests.processes import Web

CONNECTIONS = 128
THINK_S = 0.01
ROUNDS = 5
SECONDS = 4.0
FORMS = {
    "bare": ("/bare", "text/html"),
    "fragment": ("/click", "text/html"),
    "json": ("/click", "application/json"),
}
"""What is measured: the same request, byte for byte, to a route that does nothing and to the game."""


def tapper(path: str, token: str, accept: str, sequence: list[int]) -> Request:
    """Batches of three taps under rising sequences."""

    def request() -> bytes:
        sequence[0] += 1
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        if accept == "text/html":
            headers["HX-Request"] = "true"
        return post(path, f"delta=3&sequence={sequence[0]}", **headers)

    return request


def measure(web: Web, requests: list[Request], seconds: float = SECONDS) -> tuple[Result, float]:
    """One round. Returns the result and the CPU time of the web workers per request, in microseconds."""
    port = int(web.url.rsplit(":", 1)[1])
    workers = psutil.Process(web.pid).children()
    before = sum(sum(process.cpu_times()[:2]) for process in workers)
    result = fire(port, requests, seconds, THINK_S)
    spent = sum(sum(process.cpu_times()[:2]) for process in workers) - before
    bad = {status for status in result.statuses if status != 200}
    assert not bad, result.statuses
    return result, spent / sum(result.statuses.values()) * 1e6


def run() -> dict[str, Any]:
    """The figures of each form, medians of ROUNDS, and their ratios to the bare route."""
    with town(app="bench.server:app", **UNLIMITED) as built:
        built.seed(CONNECTIONS)
        rounds = compare(built)
    table = {name: summary(found) for name, found in rounds.items()}
    for row in table.values():
        row["throughput_ratio"] = round(row["per_second"] / table["bare"]["per_second"], 2)
        row["cpu_ratio"] = round(row["cpu_us"] / table["bare"]["cpu_us"], 2)
    return table


def compare(built: Town) -> dict[str, list[tuple[Result, float]]]:
    tokens = built.enter(CONNECTIONS)
    sequences = [[0] for _ in tokens]
    rounds: dict[str, list[tuple[Result, float]]] = {name: [] for name in FORMS}
    for _ in range(ROUNDS):
        for name, (path, accept) in FORMS.items():
            makers = [tapper(path, token, accept, s) for token, s in zip(tokens, sequences, strict=True)]
            rounds[name].append(measure(built.web, makers))
    return rounds


def summary(found: list[tuple[Result, float]]) -> dict[str, float]:
    return {
        "per_second": round(statistics.median(result.per_second for result, _ in found)),
        "cpu_us": round(statistics.median(cpu for _, cpu in found)),
        "p50_ms": round(statistics.median(result.percentile(0.5) for result, _ in found) * 1000, 1),
        "p95_ms": round(statistics.median(result.percentile(0.95) for result, _ in found) * 1000, 1),
    }
