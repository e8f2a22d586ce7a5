"""Real web processes: whichever is asked tells of all, what a killed one had counted stays, no store holds it up."""

import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
import websocket

from clicker.wiring import Services
from tests.conftest import Stores
from tests.faults.load import Http
from tests.metrics.scrape import parsed, scrape
from tests.player import Device
from tests.processes import Process, Web, running, worker
from tests.telegram import ALICE
from tests.waiting import eventually

ACCEPTED = "clicker_taps_accepted_total"
ANSWERED = 'clicker_http_requests_total{route="/click",status="200"}'


@pytest.fixture
def web(stores: Stores, services: Services, clock, tmp_path: Path) -> Iterator[Web]:
    clock.now = time.time()
    process = Web({**stores.environment(), "WEB_WORKERS": "2"}, tmp_path / "web.log")
    with running(process):
        eventually(process.ready, 30, f"web is ready, see {process.log}")
        eventually(lambda: scrape(process.url)['clicker_processes{part="web"}'] == 2, what="both tell")
        yield process


@pytest.fixture
def background(stores: Stores, services: Services, tmp_path: Path) -> Iterator[Process]:
    with running(worker(stores.environment(), tmp_path / "worker.log")) as process:
        yield process


def tapped(web: Web, batches: int) -> Device:
    """Batches on a new connection each, so that both processes get some."""
    alice = Device(Http(web.url), time.time, ALICE).opened().named("alice")
    for _ in range(batches):
        alice.client = Http(web.url)
        assert alice.tap(2).status_code == 200
    return alice


def agree(web: Web, name: str, value: float) -> bool:
    """Asks on new connections until both processes have answered: they are known by the ids they give to requests."""
    told: dict[str, float | None] = {}
    eventually(lambda: told.update([asked(web, name)]) or len(told) == 2, what="both processes answer")
    return set(told.values()) == {value}


def asked(web: Web, name: str) -> tuple[str, float | None]:
    answer = requests.get(f"{web.url}/metrics", timeout=5)
    return answer.headers["X-Request-Id"][:12], parsed(answer.text).get(name)


def test_counts_of_all_web_processes_add_up_and_stay_after_kill_9_of_one(web):
    tapped(web, 60)
    eventually(lambda: agree(web, ACCEPTED, 120), what="all taps counted once")
    assert agree(web, ANSWERED, 60)
    victim = psutil.Process(web.pid).children()[0]
    os.kill(victim.pid, signal.SIGKILL)
    eventually(lambda: len(set(psutil.Process(web.pid).children()) - {victim}) == 2, what="a new one")
    eventually(web.ready, what="ready again")
    tapped(web, 20)
    eventually(lambda: agree(web, ACCEPTED, 160), what="all taps counted once")


def test_the_worker_tells_how_its_jobs_went(web, background):
    tapped(web, 1)

    def flushed() -> bool:
        page = defaultdict(float, scrape(web.url))
        return (
            page["clicker_sessions_flushed_total"] >= 1
            and page['clicker_jobs_total{job="flush",result="done"}'] >= 1
            and page["clicker_flush_duration_seconds_count"] >= 1
            and page['clicker_processes{part="worker"}'] == 1
            and page['clicker_resident_bytes{part="worker"}'] > 2**20
            and page["clicker_sessions_dirty"] == page["clicker_flush_lag_seconds"] == 0
        )

    eventually(flushed, 20, f"a flush is counted, see {background.log}")


def test_a_frozen_hot_store_holds_no_scrape(web, stores):
    tapped(web, 10)
    eventually(lambda: agree(web, ACCEPTED, 20), what="told")
    os.kill(stores.valkey.pid, signal.SIGSTOP)
    try:
        circuit = 'clicker_circuit_open{circuit="hot_store"}'
        eventually(lambda: scrape(web.url)[circuit] == 1, 15, "the web process notices")
        took = []
        for _ in range(10):
            begun = time.monotonic()
            assert scrape(web.url)[ACCEPTED] == 20
            took.append(time.monotonic() - begun)
        assert sorted(took)[5] < 0.1, took
        refusals = [requests.post(f"{web.url}/click", timeout=5).status_code for _ in range(4)]
        assert refusals == [503] * 4
        # The two can't tell each other now: the one that refused it knows.
        eventually(lambda: scrape(web.url)["clicker_requests_shed_total"] >= 1, what="the refusal is counted")
    finally:
        os.kill(stores.valkey.pid, signal.SIGCONT)


def test_what_an_operator_watches_is_of_all_processes_whichever_is_asked(web, services):
    """Taps, replays, deferrals, sessions, sockets, pace, flush lag (no worker runs), outbox, store latency."""
    alice = tapped(web, 20)
    services.taps.hot.set_flushed(round(time.time() * 1000) - 5000)
    alice.client = Http(web.url)
    late = alice.tap(1000).json
    for _ in range(12):
        alice.client = Http(web.url)
        assert alice.tap(1000, alice.sequence).headers["X-Idempotent-Replay"] == "true"
    tickets = [alice.post("/live/ticket").json["ticket"] for _ in range(6)]
    live = f"{web.url.replace('http', 'ws')}/live?ticket="
    sockets = [websocket.create_connection(live + ticket, timeout=5) for ticket in tickets]
    services.pace.hold("busy")
    services.outbox.report("bot:1", waiting=3, longest_s=1.5, counted={"sent": 7, "refused": 0})
    try:
        for name, value in {
            ACCEPTED: 40 + late["accepted"],
            "clicker_taps_deferred_total": late["deferred"],
            "clicker_tap_replays_total": 12,
            "clicker_sessions_active": 1,
            "clicker_sockets_open": 6,
            "clicker_pace_level": 1,
            'clicker_pace{level="busy"}': 1,
            'clicker_outbox_messages_total{event="sent"}': 7,
        }.items():
            eventually(lambda n=name, v=value: agree(web, n, v), 20, f"{name} is {value} wherever one asks")
        page = scrape(web.url)
        assert late["deferred"] > 0
        assert page["clicker_flush_lag_seconds"] >= 5
        assert 0 < page["clicker_store_latency_seconds"] < 5
        assert page["clicker_store_calls_total"] >= 33
    finally:
        services.pace.release()
        for socket in sockets:
            socket.close()
