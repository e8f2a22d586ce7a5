"""A real sandbox process for each kind of test, and short ways to talk to it."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from clicker.settings import SANDBOX_TOKEN
from tests.processes import ROOT, free_port
from tests.waiting import eventually

READY_WITHIN_S = 15
_user_ids = itertools.count(50_001)


class Sandbox:
    """One `python -m sandbox`. `call` is the bot's side, the rest a user's."""

    def __init__(self, port: int, **environ: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            cwd=ROOT,
            env=kept | {"SANDBOX_PORT": str(port), "SANDBOX_STATE": "memory", "PYTHONUTF8": "1"} | environ,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> "Sandbox":
        eventually(self._answers, READY_WITHIN_S, "the sandbox answers")
        return self

    def _answers(self) -> bool:
        try:
            return requests.get(self.url + "/sandbox/stats", timeout=1).ok
        except requests.ConnectionError:
            return False

    def stop(self) -> float:
        """Stops it as a process manager would; returns how long that took, in seconds."""
        begun = time.monotonic()
        self.process.terminate()
        self.process.wait(10)
        if self.process.stderr:
            self.process.stderr.close()
        return time.monotonic() - begun

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The wire answer of a Bot API method, with parameters as a JSON body."""
        return self.session.post(f"{self.url}/bot{SANDBOX_TOKEN}/{method}", json=parameters).json()

    def result(self, method: str, **parameters: Any) -> Any:
        answer = self.call(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    def error(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Status and description of a refusal, after checking that body and status agree."""
        answer = self.session.post(f"{self.url}/bot{SANDBOX_TOKEN}/{method}", json=parameters)
        body = answer.json()
        assert body["ok"] is False, body
        assert body["error_code"] == answer.status_code
        return answer.status_code, body["description"]

    def get(self, path: str, **query: Any) -> Any:
        answer = self.session.get(f"{self.url}/sandbox/{path}", params=query)
        assert answer.ok, answer.text
        return answer.json()

    def act(self, user: int, what: str, **body: Any) -> Any:
        answer = self.session.post(f"{self.url}/sandbox/users/{user}/{what}", json=body)
        assert answer.ok, answer.text
        return answer.json()

    def chat(self, user: int) -> Any:
        return self.get(f"users/{user}/chat")

    def updates(self, *kinds: str) -> list[dict[str, Any]]:
        """All waiting updates, confirmed; of these kinds only, if any are named."""
        waiting = self.result("getUpdates")
        if waiting:
            self.result("getUpdates", offset=waiting[-1]["update_id"] + 1)
        return [update for update in waiting if not kinds or any(kind in update for kind in kinds)]


@pytest.fixture(scope="session")
def start_sandbox() -> Iterator[Callable[..., Sandbox]]:
    """Starts further processes: `start_sandbox(port=…, SANDBOX_LIMITS="strict")`."""
    started: list[Sandbox] = []

    def start(port: int = 0, **environ: str) -> Sandbox:
        started.append(Sandbox(port or free_port(), **environ))
        return started[-1]

    yield start
    for sandbox in started:
        if sandbox.process.poll() is None:
            sandbox.stop()


@pytest.fixture(scope="session")
def shared(start_sandbox: Callable[..., Sandbox]) -> Sandbox:
    return start_sandbox(SANDBOX_LIMITS="off").wait()


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    """A sandbox that only counts, with no update waiting."""
    shared.result("deleteWebhook")
    shared.result("getUpdates", offset=-1, allowed_updates=[])
    shared.updates()
    return shared


@pytest.fixture
def stranger() -> int:
    """A user id that nobody used before."""
    return next(_user_ids)


@pytest.fixture
def alice(sandbox: Sandbox, stranger: int) -> int:
    """A user who has started the bot."""
    sandbox.act(stranger, "messages", text="/start")
    sandbox.updates()
    return stranger
