"""A crowd without sockets: thousands of players who obey the pace, on a few hundred connections.

k6 needs a megabyte or more for each of its players; here one is a few numbers, so that overload can be shown on one
machine. A player taps six times a second, sends what gathered when it is due, repeats a batch that was refused after
Retry-After, and keeps what was not acknowledged.
"""

import asyncio
import heapq
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.http import post

TAPS_PER_S = 6
_ANSWER = re.compile(rb'data-accepted="(\d+)"')
_FLUSH = re.compile(rb"X-Flush-Ms: (\d+)")
_AFTER = re.compile(rb"Retry-After: (\d+)")
_LENGTH = re.compile(rb"Content-Length: (\d+)", re.IGNORECASE)


@dataclass
class Player:
    """One who taps; `batch` is what is in flight or waits to be repeated."""

    token: str
    last: float = 0.0
    waiting: float = 0.0
    sequence: int = 0
    batch: int = 0
    acknowledged: int = 0

    paused: bool = False

    def request(self, now: float) -> bytes:
        if self.paused:
            return post("/session/resume", Authorization=f"Bearer {self.token}", Accept="application/json")
        self.waiting += (now - self.last) * TAPS_PER_S
        self.last = now
        if not self.batch:
            self.batch = max(1, min(1000, int(self.waiting)))
            self.waiting -= self.batch
            self.sequence += 1
        headers = {"Authorization": f"Bearer {self.token}", "HX-Request": "true", "Accept": "text/html"}
        return post("/click", f"delta={self.batch}&sequence={self.sequence}", **headers)


@dataclass
class Crowd:
    """Players on connections. `accepted` counts acknowledged taps by second since the start."""

    port: int
    players: list[Player]
    accepted: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)

    async def play(self, seconds: float, connections: int) -> None:
        """Everyone plays for `seconds`, then sends what waits to be repeated."""
        self.begun = time.monotonic()
        self.until = self.begun + seconds
        self.due: list[tuple[float, int]] = []
        for number, player in enumerate(self.players):
            player.last = self.begun
            heapq.heappush(self.due, (self.begun + random.random() * 5, number))
        await asyncio.gather(*(self._connection() for _ in range(connections)))

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while self.due:
            at, number = heapq.heappop(self.due)
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            writer.write(self.players[number].request(time.monotonic()))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length.group(1)) if length else 0)
            self._hear(number, head, body)
        writer.close()

    def _hear(self, number: int, head: bytes, body: bytes) -> None:
        player, now = self.players[number], time.monotonic()
        status = int(head[9:12])
        self.statuses[status] += 1
        flush = _FLUSH.search(head)
        pause = int(flush.group(1)) / 1000 if flush else 1.0
        if status == 200:
            found = _ANSWER.search(body)
            assert found, body
            count = int(found.group(1))
            self.accepted[int(now - self.begun)] += count
            player.acknowledged += count
            player.waiting += player.batch - count
            player.batch = 0
            if now >= self.until:
                return
        elif status == 409:
            player.paused, pause = True, 0.0
        elif status == 201:
            player.paused, pause = False, 0.0
        else:
            assert status == 503, head
            after = _AFTER.search(head)
            pause = float(after.group(1)) if after else 1.0
        heapq.heappush(self.due, (now + pause * random.uniform(0.9, 1.1), number))
