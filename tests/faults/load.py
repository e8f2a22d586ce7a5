"""Players under fire: clients that tap, keep a record of what was acknowledged, and never give up on a batch."""

import threading
import time
from typing import Any

import requests

from clicker.settings import SANDBOX_TOKEN
from tests.player import Device
from tests.telegram import init_data

_TIMEOUT_S = 3
PROXY_S = 15
"""How long the proxy waits for an answer (deploy/nginx.conf); a process that starts lets its first callers wait."""
_PAUSE_S = 0.02
_GIVE_UP_S = 60


class Answer:
    """A response with `json` as a property, like Flask's test client."""

    def __init__(self, response: requests.Response) -> None:
        self.status_code, self.headers, self.text = response.status_code, response.headers, response.text
        self._response = response

    @property
    def json(self) -> Any:
        return self._response.json()


class Http:
    """Speaks real HTTP in the manner of Flask's test client."""

    def __init__(self, url: str, timeout_s: float = _TIMEOUT_S) -> None:
        self.url, self.session, self._timeout_s = url, requests.Session(), timeout_s

    def open(self, path: str, method: str, json: Any = None, headers: Any = None) -> Answer:
        return Answer(
            self.session.request(method, self.url + path, json=json, headers=headers, timeout=self._timeout_s)
        )


class Tapper(threading.Thread):
    """One player in one thread: taps until told to stop, then sends what is left."""

    def __init__(self, door: Any, player: int, token: str = SANDBOX_TOKEN) -> None:
        """`door`: a URL, or what speaks HTTP as `Http` does. `token` is the bot's, with which Telegram signs."""
        super().__init__(daemon=True)
        self.bot_token = token
        self.device = Device(Http(door) if isinstance(door, str) else door, time.time, player)
        self.made = self.acknowledged = self.unavailable = 0
        self.odd: list[str] = []
        self.broken: list[str] = []
        self.enough = threading.Event()

    def enter(self) -> "Tapper":
        opened = self.insist(
            "POST", "/session", {"init_data": init_data(self.device.player, token=self.bot_token)}
        )
        self.device.token = opened.json["token"]
        self.insist("POST", "/username", {"username": f"tapper{self.device.player}"})
        return self

    def run(self) -> None:
        while not self.enough.is_set():
            self.made += 3
            self.batch(3)
            self.enough.wait(_PAUSE_S)

    def batch(self, delta: int) -> None:
        """Sends a batch until it is answered; deferred taps follow under the next sequence."""
        while delta:
            self.device.sequence += 1
            answer = self.insist("POST", "/click", {"delta": delta, "sequence": self.device.sequence})
            self.acknowledged += answer.json["accepted"]
            delta = answer.json["deferred"]

    def insist(self, method: str, path: str, json: Any) -> Any:
        """Repeats the very same call until it is answered with success."""
        deadline = time.monotonic() + _GIVE_UP_S
        while time.monotonic() < deadline:
            try:
                answer = self.device.call(method, path, json)
            except requests.RequestException as error:
                self.unavailable += 1
                self.broken.append(repr(error))
            else:
                if answer.status_code in (200, 201):
                    return answer
                self._note(answer)
            self.enough.wait(_PAUSE_S)
        raise AssertionError(f"{method} {path} was not answered within {_GIVE_UP_S} s")

    def _note(self, answer: Answer) -> None:
        if answer.status_code == 503 and "Retry-After" in answer.headers:
            self.unavailable += 1
        elif answer.status_code == 409 and answer.json["error"]["code"] == "session_paused":
            self.device.post("/session/resume")
        else:
            self.odd.append(f"{answer.status_code} {answer.text[:200]}")
