"""A new version is rolled out while people play: two web processes, each restarted in turn by SIGTERM."""

import os
import signal
from itertools import count
from typing import Any

import pytest
import requests
import websocket

from tests.faults.conftest import House
from tests.faults.load import PROXY_S, Answer, Http, Tapper
from tests.processes import Web
from tests.waiting import eventually

STOP_LIMIT_S = 15
"""What compose gives a container (`stop_grace_period`)."""


class Door:
    """Deals requests out by turns, as deploy/nginx.conf does: what can't connect to one process goes to the other."""

    def __init__(self, webs: list[Web]) -> None:
        self.clients, self._turn = [Http(web.url, PROXY_S) for web in webs], count()

    def open(self, path: str, method: str, json: Any = None, headers: Any = None) -> Answer:
        first = next(self._turn) % len(self.clients)
        turns = [*self.clients[first:], *self.clients[:first]]
        for client in turns[:-1]:
            try:
                return client.open(path, method, json, headers)
            except requests.ConnectionError as error:
                if "NewConnectionError" not in repr(error):
                    raise  # it was sent: only the player may repeat it
        return turns[-1].open(path, method, json, headers)


@pytest.fixture
def second(house: House):
    web = Web(house.web.environment, house.web.log.with_name("second.log"), config="tests/faults/gunicorn.py")
    yield web.started()
    web.stop()


def tappers(webs: list[Web]) -> list[Tapper]:
    found = [Tapper(Door(webs), 100 + number).enter() for number in range(6)]
    for tapper in found:
        tapper.start()
    return found


def stopping(web: Web) -> bool:
    answer = requests.get(f"{web.url}/health/ready", timeout=5)
    return answer.status_code == 503 and answer.json()["checks"] == {"process": "stopping"}


def live(web: Web, tapper: Tapper) -> websocket.WebSocket:
    """The player's live socket on this very process."""
    ticket = tapper.insist("POST", "/live/ticket", None).json["ticket"]
    opened = websocket.create_connection(f"{web.url.replace('http', 'ws')}/live?ticket={ticket}", timeout=10)
    assert "leaderboard" in opened.recv()
    return opened


def goodbye(opened: websocket.WebSocket) -> tuple[int, str]:
    """The code and the words with which a socket is closed."""
    code, data = websocket.ABNF.OPCODE_TEXT, b""
    while code != websocket.ABNF.OPCODE_CLOSE:
        code, data = opened.recv_data()
    return int.from_bytes(data[:2], "big"), data[2:].decode()


def test_nobody_notices_when_each_web_process_is_replaced_in_turn(house: House, second: Web) -> None:
    webs = [house.web, second]
    playing = tappers(webs)
    house.moves(playing)
    for leaving, staying in (webs, webs[::-1]):
        seen = live(leaving, playing[0])
        os.kill(leaving.pid, signal.SIGTERM)
        eventually(lambda web=leaving: stopping(web), what="it says that it goes, and is there to say so")
        code, hint = goodbye(seen)
        assert (code, hint.partition("=")[0]) == (1012, "retry-after")
        live(staying, playing[0]).close()
        eventually(lambda web=leaving: not web.alive, STOP_LIMIT_S, f"it ends, see {leaving.log}")
        house.moves(playing)
        leaving.started()
        house.moves(playing)
    assert [tapper.broken for tapper in playing] == [[]] * len(playing)
    assert [tapper.unavailable for tapper in playing] == [0] * len(playing)
    assert "SIGKILL" not in house.web.log.read_text() + second.log.read_text()
    house.settle(playing)
