"""Who may send now, what Telegram thinks of us, and how much waits."""

import json
import logging
from collections.abc import Mapping
from math import exp
from typing import Any

from clicker.clock import Clock
from clicker.outbox.rules import INVITED_BY, Buckets, Charge, Verdict, edit_budget
from clicker.outbox.store import AVERAGED_MS, OutboxStore
from clicker.stores.redis import Error as StoreError

log = logging.getLogger(__name__)

ALONE_SHARE = 1 / 3
"""Of the bot's rate, what one process allows itself while the hot store is away: there may be others."""
ALONE_S = 1.0
"""How long a process goes on alone before it asks the hot store again."""
MARGIN_S = 0.5
"""Added to Telegram's `retry_after`, which is rounded somewhere."""
FRESH_S = 5.0
"""A report older than this is of a process that is gone."""


class OutboxService:
    """Use cases of the room. Safe to call from several threads."""

    def __init__(self, store: OutboxStore, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self._alone = Buckets(share=ALONE_SHARE)
        self._alone_until = 0.0
        self._bot = ""

    def take(self, charge: Charge) -> Verdict:
        """Whether this message may be sent now; if so it is counted. Works on, slower, without the hot store."""
        now = self.clock()
        if now >= self._alone_until:
            try:
                return self.store.take(charge, now * 1000)
            except StoreError as error:
                log.warning("the outbox goes on alone: %s", type(error).__name__)
                self._alone_until = self.clock() + ALONE_S
        self._alone.forget_full(now)
        return self._alone.take(charge, now)

    def pause(self, retry_after_s: float) -> None:
        """Nobody sends for so long: Telegram said so with a 429."""
        now = self.clock()
        until = now + retry_after_s + MARGIN_S
        self._alone.paused_until = max(self._alone.paused_until, until)
        try:
            self.store.pause(now * 1000, until * 1000)
        except StoreError:
            self._alone_until = until

    def edit_budget(self) -> float:
        """Edits of live messages a second that the whole bot can keep up, by the answers of late."""
        per_s, at = self.store.answers()
        return edit_budget(per_s * exp(min(0.0, (at - self.clock() * 1000) / AVERAGED_MS)))

    def introduce(self, bot: str) -> None:
        """The bot's own username, which Telegram told it."""
        self.store.introduce(bot)

    def invite(self, player: int) -> str:
        """A link that leads a friend of this player to the bot; empty as long as no bot has ever started."""
        self._bot = self._bot or self.store.bot()
        return f"https://t.me/{self._bot}?start={INVITED_BY}{player}" if self._bot else ""

    def lose(self, chat: int) -> None:
        """This chat takes nothing from us: the bot was blocked, or the chat is gone."""
        self.store.lose(chat)

    def find(self, chat: int) -> None:
        """Somebody speaks to us in this chat: it is there."""
        self.store.find(chat)

    def is_gone(self, chat: int) -> bool:
        return self.store.is_gone(chat)

    def held(self, player: int) -> dict[str, Any]:
        """Whether the player takes messages from us, for the export."""
        return {"takesMessages": not self.store.is_gone(player)}

    def forget(self, player: int) -> None:
        """Drops what is kept of the player's chat; its buckets are gone by themselves, in seconds."""
        self.store.find(player)

    def report(self, process: str, waiting: int, longest_s: float, counted: Mapping[str, int]) -> None:
        """A bot process tells, once a second, how much waits in it and for how long, and what it has counted."""
        told = json.dumps({"at": self.clock(), "waiting": waiting, "longest_s": round(longest_s, 3)})
        self.store.report(process, told, dict(counted))

    def waiting(self) -> int:
        """Messages that wait for Telegram, in all bot processes: pace's `Sample.messages`."""
        return sum(int(report["waiting"]) for report in self._fresh())

    def longest_wait_s(self) -> float:
        """How long the longest of them has waited."""
        return max((report["longest_s"] for report in self._fresh()), default=0.0)

    def paused_s(self) -> float:
        """For how much longer nobody sends, because Telegram said so."""
        return max(0.0, self.store.paused_until() / 1000 - self.clock())

    def counters(self) -> dict[str, int]:
        """Since ever, of all processes: sent, edited, collapsed, refused, retried, late, full, gone, waited_ms."""
        return self.store.counters()

    def _fresh(self) -> list[dict[str, float]]:
        reports = {process: json.loads(told) for process, told in self.store.reports().items()}
        gone = [process for process, told in reports.items() if self.clock() - told["at"] > FRESH_S]
        self.store.forget(gone)
        return [told for process, told in reports.items() if process not in gone]
