"""The spans of a tap: its script in the hot store, and, when the worker comes to it, the row in Postgres.

The shared pipeline goes round redis-py, so OpenTelemetry does not see it; and between tap and flush there is no call
that a trace could travel along. So a recorded tap leaves its trace, with its sequence, in a hash of its shard, and the
flush that writes this sequence (or a later one) adds a span to that very trace. Wrapped around the room only while
traces are on: otherwise a tap knows nothing of this.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.trace import Link, SpanKind, Tracer

from clicker.stores.keys import TRACES_KEPT_S, Keys
from clicker.taps.service import TapsService
from clicker.taps.store import Claim, Claimed
from clicker.telemetry.trail import TRACE, traceparent


def follow_taps(taps: TapsService, tracer: Tracer) -> None:
    """Wraps the room's way into the hot store and into Postgres."""
    hot, ledger = taps.hot, taps.ledger
    tap, write = hot.tap, ledger.write

    def traced_tap(player: int, session: str, args: list[Any]) -> list[Any]:
        with tracer.start_as_current_span("tap", kind=SpanKind.CLIENT) as span:
            if span.is_recording():
                span.set_attributes({"db.system": "redis", "taps": args[0], "sequence": args[1]})
                _leave(hot, hot.keys.shard(player), session, args[1])
            return tap(player, session, args)

    def traced_write(k: int, take: Callable[[], Claim], now: datetime) -> tuple[Claim, list[str]]:
        begun = time.time_ns()
        claim, refused = write(k, take, now)
        rows = [row for row in claim.rows if row.session not in refused]
        if rows:
            _add_rows(hot, rows, tracer, begun, time.time_ns())
        return claim, refused

    hot.tap, ledger.write = traced_tap, traced_write  # type: ignore[method-assign]


def _leave(hot: Any, k: int, session: str, sequence: int) -> None:
    """Before the tap, so that no flush comes in between; the sequence tells whether a flush has it."""
    with hot.redis.pipeline(transaction=False) as pipe:
        pipe.hset(Keys.traces(k), session, f"{sequence} {traceparent()}")
        pipe.expire(Keys.traces(k), TRACES_KEPT_S)
        pipe.execute()


def _add_rows(hot: Any, rows: list[Claimed], tracer: Tracer, begun: int, ended: int) -> None:
    k = hot.keys.shard(rows[0].player)
    left = hot.redis.hmget(Keys.traces(k), [row.session for row in rows])
    flush = trace.get_current_span().get_span_context()
    for row, found in zip(rows, left, strict=True):
        sequence, _, parent = (found or "").partition(" ")
        if parent and row.sequence >= int(sequence):
            context = propagate.extract({TRACE: parent})
            links = [Link(flush)] if flush.is_valid else []
            span = tracer.start_span("flush row", context, start_time=begun, links=links)
            span.set_attributes({"db.system": "postgresql", "sequence": row.sequence})
            span.end(ended)
            hot.redis.hdel(Keys.traces(k), row.session)
