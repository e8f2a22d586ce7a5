"""The parts of one running sandbox, wired together."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.limits import Limits
from sandbox.live import Live
from sandbox.state import Json, State
from sandbox.updates import Updates
from sandbox.webhook import Webhook

BOT_USERNAME = "clicker_sandbox_bot"


@dataclass
class Queries:
    """Inline and Mini App queries that wait for the bot's answer, oldest first, in bounded number."""

    waiting: dict[str, Json] = field(default_factory=dict)
    kept: int = 10_000

    def put(self, query_id: str, record: Json) -> None:
        self.waiting[query_id] = record
        if len(self.waiting) > self.kept:
            del self.waiting[next(iter(self.waiting))]

    def take(self, query_id: str, oldest: float) -> Json | None:
        """The query, once, if it was asked at or after `oldest` (seconds)."""
        record = self.waiting.pop(query_id, None)
        return record if record and record["asked"] >= oldest else None


class Parts:
    """One sandbox: `clock` gives Unix seconds, `strict` says whether Telegram's limits bite."""

    def __init__(
        self, *, token: str, play_url: str, strict: bool = True, clock: Callable[[], float] = time.time
    ) -> None:
        self.token = token
        self.play_url = play_url
        self.clock = clock
        self.state = State()
        self.live = Live()
        self.updates = Updates()
        self.webhook = Webhook()
        self.limits = Limits(time.monotonic, strict=strict)
        self.queries = Queries()
        self.calls: Counter[str] = Counter()
        self.too_many_requests = 0

    @property
    def bot_id(self) -> int:
        number = self.token.split(":")[0]
        return int(number) if number.isdigit() else 4242424242

    def bot_user(self) -> Json:
        """The bot as a Telegram User."""
        name = self.state.profile.texts.get(("name", ""), "Clicker")
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": BOT_USERNAME}

    def now(self) -> int:
        return int(self.clock())

    def changed(self, chat_id: int) -> None:
        """Marks a chat to be saved and redrawn."""
        self.state.touch(chat_id)
        self.live.tell(chat_id)

    def push(self, kind: str, payload: dict[str, Any]) -> int:
        """Hands an update to the bot; returns its update_id."""
        update_id = self.state.next_update_id()
        self.updates.add(update_id, kind, payload)
        return update_id
