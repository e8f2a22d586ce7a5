"""What waits inside one process, and whose turn it is. Pure; no clock of its own."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

from clicker.outbox.rules import Charge, Lane

LIMITS = {Lane.ANSWER: 5_000, Lane.LIVE: 200, Lane.ASKED: 200, Lane.CHORE: 1_000}
"""How many may wait in each lane."""
PER_CHAT = 20
PER_GROUP = 3
"""How many answers may wait for one chat; a group that asks for more does so for fun."""

Payload = TypeVar("Payload")


class Full(Exception):
    """Too much waits already: this one is not taken."""


@dataclass(eq=False)
class Ticket(Generic[Payload]):
    """One message in the queue. `message_id`: what it edits, 0 for a new message. `since`: seconds on any clock."""

    charge: Charge
    payload: Payload
    message_id: int = 0
    since: float = 0.0
    gone: bool = field(default=False, init=False)

    @property
    def message(self) -> tuple[int, int] | None:
        return (self.charge.chat or 0, self.message_id) if self.message_id else None


class _Queue(Generic[Payload]):
    """One lane: chats take turns, one chat's messages keep their order."""

    def __init__(self) -> None:
        self.chats: OrderedDict[int | None, deque[Ticket[Payload]]] = OrderedDict()
        self.size = 0


class Lanes(Generic[Payload]):
    """A chat has one message on its way at a time, so that none overtakes another."""

    def __init__(self) -> None:
        self._queues = {lane: _Queue[Payload]() for lane in Lane}
        self._pending: dict[tuple[int, int], Ticket[Payload]] = {}
        self._busy: set[int] = set()
        self._blocked: dict[tuple[int, Lane], float] = {}
        self._wakes: list[tuple[float, tuple[int, Lane]]] = []

    def __len__(self) -> int:
        return sum(queue.size for queue in self._queues.values())

    def waiting(self, lane: Lane) -> int:
        return self._queues[lane].size

    def oldest(self, lane: Lane) -> float | None:
        """When the one that waits longest came."""
        heads = (tickets[0].since for tickets in self._queues[lane].chats.values() if tickets)
        return min(heads, default=None)

    def put(self, ticket: Ticket[Payload]) -> Ticket[Payload] | None:
        """Queues it. Returns the one that it made superfluous, if any: an older edit of the same message.

        Any edit is newer than a live one, whichever came first: a live edit may so be returned itself. Raises Full.
        """
        older = self._pending.get(ticket.message) if ticket.message else None
        if older and ticket.charge.lane > older.charge.lane:
            return ticket
        if older:
            self.remove(older)
        self._check_room(ticket)
        self._append(ticket)
        return older

    def next(self, now: float) -> Ticket[Payload] | None:
        """Takes out the first that may go as far as its chat is concerned; its chat is busy until `done`."""
        self._wake(now)
        for lane, queue in self._queues.items():
            for chat in queue.chats:
                if chat is None or not (chat in self._busy or self._is_blocked(chat, lane)):
                    ticket = queue.chats[chat][0]
                    queue.chats.move_to_end(chat)
                    self.remove(ticket)
                    if chat is not None:
                        self._busy.add(chat)
                    return ticket
        return None

    def put_back(self, ticket: Ticket[Payload], not_before: float = 0.0) -> Ticket[Payload] | None:
        """It could not go after all. Returns it if it is superfluous meanwhile.

        Until `not_before` its chat waits, in its own lane and those after it: an answer may take what they may not.
        """
        self.done(ticket)
        chat = ticket.charge.chat
        if chat is not None and not_before:
            place = (chat, ticket.charge.lane)
            self._blocked[place] = not_before
            heappush(self._wakes, (not_before, place))
        if ticket.gone or (ticket.message and ticket.message in self._pending):
            return ticket
        self._append(ticket, first=True)
        return None

    def done(self, ticket: Ticket[Payload]) -> None:
        """It is sent, or given up: the chat's next may go."""
        self._busy.discard(ticket.charge.chat or 0)

    def remove(self, ticket: Ticket[Payload]) -> None:
        """Takes it out, wherever it stands. No matter if it is not there."""
        queue, chat = self._queues[ticket.charge.lane], ticket.charge.chat
        tickets = queue.chats.get(chat)
        if tickets and ticket in tickets:
            tickets.remove(ticket)
            queue.size -= 1
            if not tickets:
                del queue.chats[chat]
        if ticket.message and self._pending.get(ticket.message) is ticket:
            del self._pending[ticket.message]

    def wakes_at(self) -> float | None:
        """When the next chat that has to wait may go on."""
        return self._wakes[0][0] if self._wakes else None

    def _append(self, ticket: Ticket[Payload], first: bool = False) -> None:
        queue, chat = self._queues[ticket.charge.lane], ticket.charge.chat
        tickets = queue.chats.setdefault(chat, deque())
        tickets.appendleft(ticket) if first else tickets.append(ticket)
        if first:
            queue.chats.move_to_end(chat, last=False)
        queue.size += 1
        if ticket.message:
            self._pending[ticket.message] = ticket

    def _check_room(self, ticket: Ticket[Payload]) -> None:
        chat, queue = ticket.charge.chat, self._queues[ticket.charge.lane]
        own = PER_GROUP if chat is not None and chat < 0 else PER_CHAT
        if queue.size >= LIMITS[ticket.charge.lane] or (
            chat is not None and len(queue.chats.get(chat, ())) >= own
        ):
            raise Full

    def _wake(self, now: float) -> None:
        while self._wakes and self._wakes[0][0] <= now:
            at, place = heappop(self._wakes)
            if self._blocked.get(place) == at:
                del self._blocked[place]

    def _is_blocked(self, chat: int, lane: Lane) -> bool:
        return any((chat, before) in self._blocked for before in Lane if before <= lane)
