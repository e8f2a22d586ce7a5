"""Raw taps beside a bare Flask route: requests per second and CPU per request, in one server and one run."""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import psutil
import requests

from bench.http import Request, Result, fire, post
from clicker import wiring
from clicker.settings import Settings
from clicker.stores import embedded, schema
from tests.processes import Web
from tests.telegram import init_data

CONNECTIONS = 128
THINK_S = 0.01
ROUNDS = 5
SECONDS = 4.0
FORMS = {
    "bare": ("/bare", "text/html"),
    "tap, fragment": ("/click", "text/html"),
    "tap, JSON": ("/click", "application/json"),
}
"""What is measured: the same request, byte for byte, to a route that does nothing and to the game."""


def player(url: str, number: int) -> str:
    """A new player with a username; returns the token."""
    answer = requests.post(f"{url}/session", data={"init_data": init_data(500_000 + number)}, timeout=10)
    token = str(answer.json()["token"])
    name = {"username": f"bench{number}"}
    requests.post(f"{url}/username", name, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    return token


def tapper(path: str, token: str, accept: str, sequence: list[int]) -> Request:
    """Batches of three taps under rising sequences."""

    def request() -> bytes:
        sequence[0] += 1
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        if accept == "text/html":
            headers["HX-Request"] = "true"
        return post(path, f"delta=3&sequence={sequence[0]}", **headers)

    return request


def measure(web: Web, requests_: list[Request]) -> tuple[Result, float]:
    """One round. Returns the result and the CPU time of the web workers per request, in microseconds."""
    port = int(web.url.rsplit(":", 1)[1])
    workers = psutil.Process(web.pid).children()
    before = sum(sum(worker.cpu_times()[:2]) for worker in workers)
    result = fire(port, requests_, SECONDS, THINK_S)
    spent = sum(sum(worker.cpu_times()[:2]) for worker in workers) - before
    return result, spent / sum(result.statuses.values()) * 1e6


def run() -> dict[str, dict[str, float]]:
    folder = Path(tempfile.mkdtemp(prefix="clicker-bench-"))
    with embedded.postgres(folder / "postgres") as database_url, embedded.valkey(folder / "valkey") as valkey:
        services = wiring.build(Settings(database_url=database_url, redis_url=valkey.url))
        schema.upgrade()
        environment = {
            "DATABASE_URL": database_url,
            "REDIS_URL": valkey.url,
            "TAP_RATE": "1000000",
            "TAP_BURST": "100000000",
            "SESSION_IDLE_S": "3600",
        }
        web = Web(environment, folder / "web.log", app="bench.server:app").started()
        try:
            tokens = [player(web.url, number) for number in range(CONNECTIONS)]
            return compare(web, tokens)
        finally:
            web.stop()
            services.postgres.close_all()


def compare(web: Web, tokens: list[str]) -> dict[str, dict[str, float]]:
    sequences = [[0] for _ in tokens]
    makers: dict[str, list[Request]] = {
        name: [
            tapper(path, token, accept, sequence) for token, sequence in zip(tokens, sequences, strict=True)
        ]
        for name, (path, accept) in FORMS.items()
    }
    rounds: dict[str, list[tuple[Result, float]]] = {name: [] for name in makers}
    for _ in range(ROUNDS):
        for name, requests_ in makers.items():
            rounds[name].append(measure(web, requests_))
    for name, found in rounds.items():
        bad = {status for result, _ in found for status in result.statuses if status != 200}
        assert not bad, (name, bad)
    return {name: summary(found) for name, found in rounds.items()}


def summary(found: list[tuple[Result, float]]) -> dict[str, float]:
    return {
        "per_second": statistics.median(result.per_second for result, _ in found),
        "cpu_us": statistics.median(cpu for _, cpu in found),
        "p50_ms": statistics.median(result.percentile(0.5) for result, _ in found) * 1000,
        "p95_ms": statistics.median(result.percentile(0.95) for result, _ in found) * 1000,
    }


if __name__ == "__main__":
    table = run()
    for name, row in table.items():
        ratio = row["per_second"] / table["bare"]["per_second"]
        cpu = row["cpu_us"] / table["bare"]["cpu_us"]
        sys.stdout.write(f"{name:<15} {row['per_second']:8.0f}/s ({ratio:.2f})  {row['cpu_us']:6.0f} us CPU ({cpu:.2f})"
                         f"  p50 {row['p50_ms']:.1f} ms  p95 {row['p95_ms']:.1f} ms\n")  # fmt: skip
    sys.stdout.write(json.dumps(table) + "\n")
