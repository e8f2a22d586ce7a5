"""Which chats have a live message, and whose turn it is to be renewed."""

from dataclasses import dataclass, replace
from typing import Any

from clicker.clock import Clock
from clicker.live.rules import LEAD_S, Phase, Row, again_s, interval_s
from clicker.live.store import LiveStore
from clicker.outbox.service import OutboxService
from clicker.pace.service import PaceService

BY_REQUEST_S = 60.0
"""When a message is looked at again while pace allows renewals on request only."""


@dataclass(frozen=True)
class Claimed:
    """Live messages that this process is to renew: by turn, and those somebody asked for.

    `next_s`: seconds until the next one may be claimed, infinite if there is none, below 0 if one waits already.
    """

    turn: list[Row]
    asked: list[Row]
    next_s: float


class LiveService:
    """Use cases of the room. A chat here is a private one: its id is the player's."""

    def __init__(self, store: LiveStore, outbox: OutboxService, pace: PaceService, clock: Clock) -> None:
        self.store, self.outbox, self.pace, self.clock = store, outbox, pace, clock

    def interval_s(self) -> float | None:
        """Seconds between two edits of one live message; None: only on request."""
        return self._rhythm()[0]

    def show(self, chat: int, message_id: int, digest: str, phase: Phase, clicks: int) -> int:
        """This message was just shown and is the chat's live one from now on.

        Returns the message_id of the one that was it before, which `rest` hands out; 0 if there was none.
        """
        row = Row(chat, message_id, digest, self.clock(), phase=phase, clicks=clicks)
        before = self.store.show(row, self._due(row))
        return before if before != message_id else 0

    def claim(self, turns: int, asks: int) -> Claimed:
        """Takes up to so many live messages to be renewed: by turn, and such that asked."""
        if self.pace.current().live_message_s == 0:
            turns = 0
        now = self.clock()
        by_turn, asked, then = self.store.claim(now, turns, asks)
        rows = {row.chat: row for row in self.store.rows([*by_turn, *asked])}
        return Claimed(
            [rows[chat] for chat in by_turn if chat in rows],
            [rows[chat] for chat in asked if chat in rows],
            then - now,
        )

    def rest(self, limit: int) -> list[tuple[int, int]]:
        """Takes up to so many messages (chat, message_id) that a newer one replaced and that do not say so yet."""
        return self.store.rest(self.clock(), limit) if limit > 0 else []

    def must_rest(self, chat: int, message_id: int) -> bool:
        """True if this message still has to say that it stands still."""
        return self.store.must_rest(chat, message_id)

    def rested(self, chat: int, message_id: int) -> None:
        """It says so, or never will."""
        self.store.rested(chat, message_id)

    def current(self, row: Row) -> bool:
        """True if this is still the chat's live message."""
        return [found.message_id for found in self.store.rows([row.chat])] == [row.message_id]

    def shown(self, row: Row, begun: float, digest: str, phase: Phase, clicks: int) -> bool:
        """It was edited, by what was read from `begun` on. False if another message is the live one meanwhile."""
        shown = max(
            begun, self.clock() - LEAD_S
        )  # a wait for its turn must not make the next one wait longer
        now = replace(row, digest=digest, shown=shown, phase=phase, clicks=clicks)
        return self._settle(now)

    def unchanged(self, row: Row, phase: Phase) -> None:
        """There is nothing new to show; looked at again soon."""
        self._settle(replace(row, phase=phase))

    def failed(self, chat: int) -> None:
        """It could not be edited: its turn comes again when the lease has ended; who asks may have it sooner."""
        self.store.release(chat)

    def ask(self, *chats: int) -> None:
        """Those of these chats that have a live message get it renewed ahead of its turn, if there is room."""
        self.store.ask(list(chats), self.clock())

    def paused(self, players: list[int]) -> None:
        """Their sessions were just paused: live messages are to say so soon."""
        self.store.played(players)
        self.ask(*players)

    def find(self, chat: int) -> Row | None:
        """The chat's live message."""
        return next(iter(self.store.rows([chat])), None)

    def see(self, chat: int) -> None:
        """The player did something: the message stays alive."""
        self.store.see(chat, self.clock())

    def stop(self, chat: int, message_id: int = 0) -> int:
        """Ends the chat's live message, or only this one. Returns its message_id, 0 if there was none."""
        return self.store.stop(chat, message_id)

    def held(self, player: int) -> dict[str, Any]:
        """The player's live message, for the export."""
        row = self.find(player)
        return {"liveMessage": row and {"messageId": row.message_id, "clicks": row.clicks}}

    def forget(self, player: int) -> None:
        """Drops all that is kept of the player's live messages, also of those that are not live any more."""
        self.store.forget(player)

    def count(self) -> int:
        """How many live messages there are."""
        return self.store.count()

    def _due(self, row: Row) -> float:
        (interval, again), now = self._rhythm(), self.clock()
        return now + BY_REQUEST_S if interval is None else max(row.due(interval), now + again)

    def _settle(self, row: Row) -> bool:
        return self.store.settle(row, self._due(row), asks_from=max(self.clock(), row.due()))

    def _rhythm(self) -> tuple[float | None, float]:
        """Seconds between two edits of a message, and from a look without news to the next."""
        chats, edits_per_s = self.store.count(), self.outbox.edit_budget()
        return interval_s(chats, edits_per_s, self.pace.current().live_message_s), again_s(chats, edits_per_s)
