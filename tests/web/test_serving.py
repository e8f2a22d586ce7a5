"""The real web process: many at once, and the live socket."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

import psutil
import pytest
import requests
import websocket

from clicker.wiring import Services
from tests.conftest import Stores
from tests.faults.load import Http
from tests.player import Device
from tests.processes import Web, running
from tests.telegram import ALICE, BOB
from tests.waiting import eventually

SOCKET_TIMEOUT_S = 10


@pytest.fixture
def web(stores: Stores, services: Services, clock, tmp_path: Path) -> Iterator[Web]:
    """gunicorn on the emptied stores. It has the real time, so the fake clock is set to it."""
    clock.now = time.time()
    process = Web({**stores.environment(), "LOG_FORMAT": "text"}, tmp_path / "web.log")
    with running(process):
        eventually(process.ready, 30, f"web is ready, see {process.log}")
        yield process


def device(web: Web, clock, player: int, username: str) -> Device:
    return Device(Http(web.url), clock, player).opened().named(username)


def connected(web: Web, who: Device) -> websocket.WebSocket:
    ticket = who.post("/live/ticket").json["ticket"]
    return websocket.create_connection(
        f"{web.url.replace('http', 'ws')}/live?ticket={ticket}", timeout=SOCKET_TIMEOUT_S
    )


def test_a_thousand_copies_of_one_batch_over_http_count_once(web, clock):
    alice = device(web, clock, ALICE, "alice")
    sessions = [Device(Http(web.url), clock, ALICE) for _ in range(50)]
    for copy in sessions:
        copy.token = alice.token

    def send(number: int) -> bool:
        answer = sessions[number % 50].post("/click", {"delta": 13, "sequence": 1})
        assert answer.status_code == 200
        assert answer.json["myClicks"] == 13
        return "X-Idempotent-Replay" not in answer.headers

    with ThreadPoolExecutor(50) as threads:
        assert sum(threads.map(send, range(1000))) == 1
    assert alice.clicks() == 13


def test_the_socket_shows_the_board_and_then_every_change(web, clock):
    alice, bob = device(web, clock, ALICE, "alice"), device(web, clock, BOB, "bob")
    socket = connected(web, bob)
    assert 'id="leaderboard"' in socket.recv()
    alice.tap(17)

    def shown() -> bool:
        html = socket.recv()
        return "alice" in html and "17" in html

    eventually(shown, what="alice's taps on bob's socket")
    socket.close()


@pytest.mark.parametrize(
    ("request_line", "header", "status"),
    [
        (f"GET /{'a' * 5000} HTTP/1.1", "X-A: b", 414),
        ("GET / HTTP/1.1", f"X-A: {'b' * 9000}", 431),
        ("POST /click HTTP/1.1", "Content-Length: abc", 400),
        ("GARBAGE", "X-A: b", 400),
    ],
)
def test_what_gunicorn_cannot_read_is_refused_in_the_shape_of_all_errors(web, request_line, header, status):
    with closing(create_connection(("127.0.0.1", urlsplit(web.url).port), 5)) as raw:
        raw.sendall(f"{request_line}\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n".encode())
        answer = HTTPResponse(raw)
        answer.begin()
        told = json.loads(answer.read())["error"]
    assert (answer.status, told["code"]) == (status, "bad_request")
    assert answer.headers["X-Request-Id"] == told["requestId"]
    assert "b" * 100 not in told["message"]
    assert requests.get(f"{web.url}/health/live", timeout=5).status_code == 200


def test_a_ticket_opens_one_socket_and_a_made_up_one_opens_none(web, clock):
    alice = device(web, clock, ALICE, "alice")
    ticket = alice.post("/live/ticket").json["ticket"]
    address = f"{web.url.replace('http', 'ws')}/live?ticket="
    websocket.create_connection(address + ticket, timeout=SOCKET_TIMEOUT_S).close()
    for wrong in (ticket, "made-up", ""):
        with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
            websocket.create_connection(address + wrong, timeout=SOCKET_TIMEOUT_S)


def test_every_socket_gets_the_very_same_push(web, clock):
    players = [device(web, clock, 4000 + number, f"player{number}") for number in range(10)]
    sockets = [connected(web, player) for player in players]
    players[0].tap(5)
    pushes = set()
    for socket in sockets:
        html = ""
        while "player0" not in html:
            html = socket.recv()
        pushes.add(html)
        socket.close()
    assert len(pushes) == 1


def test_the_web_process_stops_in_time_with_sockets_open(web, clock):
    socket = connected(web, device(web, clock, ALICE, "alice"))
    begun = time.monotonic()
    web.stop()
    assert not web.alive
    assert time.monotonic() - begun < 3
    with pytest.raises(requests.ConnectionError):
        requests.get(web.url, timeout=2)
    socket.close()


def test_what_a_page_sends_over_the_socket_does_not_pile_up(web, clock):
    """The process keeps none of it, and goes on telling."""
    alice = device(web, clock, ALICE, "alice")
    socket = connected(web, alice)
    socket.recv()
    web_process = psutil.Process(web.pid).children()[0]
    before = web_process.memory_info().rss
    for _ in range(20_000):
        socket.send("x" * 4000)
    alice.tap(3)
    eventually(lambda: "alice" in socket.recv(), what="the board after all that")
    assert web_process.memory_info().rss - before < 30_000_000
    socket.close()
