"""A player's device as a test drives it: JSON over the Flask test client."""

from collections.abc import Callable
from typing import Any

from tests.telegram import ALICE, init_data


class Device:
    """Remembers the token and the sequence; every call returns the response."""

    def __init__(self, client: Any, clock: Callable[[], float], player: int = ALICE) -> None:
        self.client, self.clock, self.player = client, clock, player
        self.token = ""
        self.session = ""
        self.sequence = 0

    def call(self, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
        headers = {"Accept": "application/json", **kwargs.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.open(path, method=method, json=json, headers=headers, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        return self.call("POST", path, json, **kwargs)

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.call("GET", path, **kwargs)

    def opened(self) -> "Device":
        answer = self.post("/session", {"init_data": init_data(self.player, now=self.clock())})
        assert answer.status_code == 201, answer.text
        self.token, self.session = answer.json["token"], answer.json["sessionId"]
        self.sequence = answer.json["sequence"]
        return self

    def named(self, username: str) -> "Device":
        answer = self.post("/username", {"username": username})
        assert answer.status_code == 200, answer.text
        return self

    def tap(self, delta: int = 1, sequence: int | None = None) -> Any:
        """Sends a batch; without a sequence, under the next one."""
        self.sequence = self.sequence + 1 if sequence is None else max(sequence, self.sequence)
        return self.post("/click", {"delta": delta, "sequence": sequence or self.sequence})

    def resume(self) -> Any:
        answer = self.post("/session/resume")
        if answer.status_code == 201:
            self.token, self.sequence = answer.json["token"], answer.json["acknowledgedSequence"]
        return answer

    def clicks(self) -> int:
        return int(self.get("/me").json["clicks"])
