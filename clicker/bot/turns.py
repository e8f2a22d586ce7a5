"""Who may send next: the pump between the lanes of this process and the buckets that all processes share."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from clicker.bot.bridge import Bridge
from clicker.outbox.lanes import Full, Lanes, Ticket
from clicker.outbox.rules import Charge, Lane, Verdict

log = logging.getLogger("clicker.bot")

Take = Callable[[Charge], Verdict]
Turn = asyncio.Future[bool]
PATIENCE_S = {Lane.ANSWER: 60.0, Lane.LIVE: 15.0, Lane.ASKED: 10.0, Lane.CHORE: 60.0}
"""How long each may wait for its turn."""
_TROUBLE_S = 0.5


class Late(Exception):
    """Its turn did not come in time."""


class Turns:
    """Grants turns one after another. `take` asks the shared buckets; it blocks, and so is called in a thread."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._bridge = Bridge(
            threads=2
        )  # its own: a store that hangs must not keep apologies from being sent
        self._lanes: Lanes[Turn] = Lanes()
        self._news = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self.counted: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """Messages that somebody waits for."""
        return self._lanes.waiting(Lane.ANSWER)

    @property
    def longest_s(self) -> float:
        oldest = self._lanes.oldest(Lane.ANSWER)
        return time.monotonic() - oldest if oldest else 0.0

    async def turn(self, charge: Charge, message_id: int = 0) -> Ticket[Turn] | None:
        """Waits until this may be sent; the ticket must be given back by `done`.

        None if a newer edit of the same message made it superfluous. Raises Full or Late.
        """
        now = time.monotonic()
        ticket = Ticket(charge, asyncio.get_running_loop().create_future(), message_id, now)
        try:
            self._outdated(self._lanes.put(ticket))
        except Full:
            self.counted["full"] += 1
            raise
        self._wake()
        try:
            granted = await asyncio.wait_for(ticket.payload, PATIENCE_S[charge.lane])
        except (TimeoutError, asyncio.CancelledError) as error:
            self._give_up(ticket)
            if isinstance(error, asyncio.CancelledError):
                raise
            self.counted["late"] += 1
            raise Late from None
        self.counted["waited_ms"] += round((time.monotonic() - now) * 1000)
        return ticket if granted else None

    def done(self, ticket: Ticket[Turn]) -> None:
        """Sent, or given up: the chat's next may go."""
        self._lanes.done(ticket)
        self._wake()

    async def close(self) -> None:
        if self._pump:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        self._bridge.close()

    def _wake(self) -> None:
        self._news.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            self._news.clear()
            ticket = self._lanes.next(time.monotonic())
            if ticket is None:
                await self._rest(self._lanes.wakes_at())
            elif ticket.payload.done():
                self._lanes.done(ticket)
            else:
                await self._try(ticket)

    async def _try(self, ticket: Ticket[Turn]) -> None:
        try:
            verdict = await self._bridge(self._take, ticket.charge)
        except Exception as error:
            log.warning("no turn: %s", type(error).__name__)
            verdict = Verdict(_TROUBLE_S, everyone=True)
        now = time.monotonic()
        if not verdict.wait_s:
            self._grant(ticket)
        elif verdict.everyone:
            self._outdated(self._lanes.put_back(ticket))
            await self._rest(now + verdict.wait_s, ticket.charge.lane)
        else:
            self._outdated(self._lanes.put_back(ticket, now + verdict.wait_s))

    def _give_up(self, ticket: Ticket[Turn]) -> None:
        ticket.gone = True
        self._lanes.remove(ticket)
        if not ticket.payload.cancelled() and ticket.payload.result():
            self.done(ticket)  # its turn came in the very moment

    def _grant(self, ticket: Ticket[Turn]) -> None:
        if ticket.payload.done():
            self._lanes.done(ticket)  # its sender left while the tokens were taken: they are spent
        else:
            ticket.payload.set_result(True)

    def _outdated(self, ticket: Ticket[Turn] | None) -> None:
        if ticket and not ticket.payload.done():
            self.counted["collapsed"] += 1
            ticket.payload.set_result(False)

    async def _rest(self, until: float | None, lane: Lane = Lane.ANSWER) -> None:
        """Until then, or until there is something new: for an answer that waits for the bot's bucket nothing is."""
        pause_s = None if until is None else max(0.0, until - time.monotonic())
        if until is not None and lane is Lane.ANSWER and pause_s and self._lanes.waiting(Lane.ANSWER):
            await asyncio.sleep(pause_s)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), pause_s)
