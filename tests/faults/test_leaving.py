"""Web processes that leave, on SIGTERM or for newer ones: they say so first, and drop nobody's request."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import requests
import websocket

from tests.faults.conftest import NO_LIMITS, House
from tests.faults.load import PROXY_S, Http
from tests.player import Device
from tests.processes import Web
from tests.telegram import ALICE
from tests.waiting import eventually


@pytest.fixture
def web(stores, services, clock, tmp_path: Path):
    clock.now = time.time()
    process = Web({**stores.environment(), **NO_LIMITS, "WEB_WORKERS": "2"}, tmp_path / "web.log").started()
    yield process
    process.stop()


@pytest.fixture
def alice(web: Web, clock) -> Device:
    return Device(Http(web.url), clock, ALICE).opened().named("alice")


def address(web: Web) -> tuple[str, int]:
    return "127.0.0.1", int(web.url.rsplit(":", 1)[1])


def test_it_is_not_ready_any_more_before_it_stops_to_accept(web):
    os.kill(web.pid, signal.SIGTERM)
    eventually(lambda: stopping(web), what="it says that it stops, and is still there to say so")
    assert asked(web, "/health/live").status_code == 200
    eventually(lambda: not web.alive, 6)


def stopping(web: Web) -> bool:
    answer = asked(web, "/health/ready")
    told = {"status": "not ready", "checks": {"process": "stopping"}}
    return answer.status_code == 503 and answer.json() == told and answer.headers["Connection"] == "close"


def refused(web: Web) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(address(web)) != 0


def asked(web: Web, path: str) -> requests.Response:
    return requests.get(web.url + path, timeout=2)


def test_a_socket_is_closed_with_a_hint_when_to_come_back(web, alice):
    ticket = alice.post("/live/ticket").json["ticket"]
    live = websocket.create_connection(f"{web.url.replace('http', 'ws')}/live?ticket={ticket}", timeout=5)
    assert "leaderboard" in live.recv()
    os.kill(web.pid, signal.SIGTERM)
    code, data = websocket.ABNF.OPCODE_TEXT, b""
    while code != websocket.ABNF.OPCODE_CLOSE:
        code, data = live.recv_data()
    assert int.from_bytes(data[:2], "big") == 1012
    assert data[2:].decode() in {f"retry-after={seconds}" for seconds in (1, 2, 3)}


def test_a_request_that_was_accepted_is_answered_after_nobody_new_is(web, alice, stores):
    assert alice.tap(1).status_code == 200
    os.kill(web.pid, signal.SIGTERM)
    eventually(lambda: stopping(web), what="it leaves")
    os.kill(stores.valkey.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        try:
            answer = threads.submit(alice.tap, 2)
            eventually(lambda: refused(web), 3, "it accepts nobody")
            assert not answer.done()
        finally:
            os.kill(stores.valkey.pid, signal.SIGCONT)
        assert answer.result().status_code == 200
    assert answer.result().json["myClicks"] == 3
    eventually(lambda: not web.alive, 6)
    assert "SIGKILL" not in web.log.read_text()


def test_idle_connections_hold_it_up_no_longer_than_the_drain(web):
    idle = [socket.create_connection(address(web)) for _ in range(20)]
    for connection in idle:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        told = b""
        while not told.endswith(b"}\n"):
            told += connection.recv(4096)
    begun = time.monotonic()
    os.kill(web.pid, signal.SIGTERM)
    eventually(lambda: not web.alive, 6)
    assert time.monotonic() - begun < 3.5
    assert "SIGKILL" not in web.log.read_text()
    assert {connection.recv(4096) for connection in idle} == {b""}


def test_a_rolling_restart_under_load_drops_nothing(house: House, monkeypatch):
    tappers = house.tappers(PROXY_S)
    house.moves(tappers)
    for _ in range(2):
        before = set(psutil.Process(house.web.pid).children())
        os.kill(house.web.pid, signal.SIGHUP)
        eventually(
            lambda b=before: (now := set(psutil.Process(house.web.pid).children())) and not now & b,
            30,
            f"newer processes are there, see {house.web.log}",
        )
        house.moves(tappers)
    assert [tapper.broken for tapper in tappers] == [[]] * len(tappers)
    assert [tapper.unavailable for tapper in tappers] == [0] * len(tappers)
    house.settle(tappers)


def test_a_stop_and_a_start_under_load_lose_nothing(house: House):
    tappers = house.tappers()
    house.moves(tappers)
    house.web.stop()
    assert "SIGKILL" not in house.web.log.read_text()
    house.start("web")
    house.moves(tappers)
    told = {error.split("(")[0] for tapper in tappers for error in tapper.broken}
    assert told <= {"ConnectionError"}, told
    house.settle(tappers)
