"""A small, fast HTTP/1.1 load generator: fixed connections, one request in flight on each."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[], bytes]
"""Gives the bytes of the next request of a connection."""


@dataclass
class Result:
    """Answers by status, and every latency in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in seconds that `share` (0 to 1) of the answers were not slower than."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    def __init__(self, request: Request, result: Result, until: float, think: float) -> None:
        self.request, self.result, self.until, self.think = request, result, until, think
        self.buffer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._send()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self.buffer.lower().find(b"content-length:", 0, head)
        length = int(self.buffer[at + 15 : self.buffer.index(b"\r\n", at)]) if at >= 0 else 0
        if len(self.buffer) < head + 4 + length:
            return
        now = time.perf_counter()
        self.result.statuses[int(self.buffer[9:12])] += 1
        self.result.latencies.append(now - self.sent)
        self.buffer = b""
        if now < self.until:
            asyncio.get_running_loop().call_later(self.think, self._send)
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        if self.transport.is_closing():
            return
        self.sent = time.perf_counter()
        self.transport.write(self.request())


async def _fire(port: int, requests: list[Request], seconds: float, think: float) -> Result:
    result, loop = Result(), asyncio.get_running_loop()
    begun = time.perf_counter()
    until = begun + seconds
    connections = [
        (
            await loop.create_connection(
                lambda r=request: _Connection(r, result, until, think), "127.0.0.1", port
            )
        )[1]
        for request in requests
    ]
    await asyncio.wait_for(asyncio.gather(*(c.done for c in connections)), seconds + 30)
    result.seconds = time.perf_counter() - begun
    return result


def fire(port: int, requests: list[Request], seconds: float, think: float) -> Result:
    """Sends requests for `seconds`, on as many connections as there are request makers.

    `think` is the time in seconds between an answer and the next request of a connection. Without it a server of
    greenlets answers one connection for long stretches while its peers starve, as no crowd of players would make it.
    """
    return asyncio.run(_fire(port, requests, seconds, think))


def post(path: str, body: str = "", **headers: str) -> bytes:
    """The bytes of a form post; underscores in header names stand for hyphens."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()
