"""What goes along from process to process: the id of the request that began it, and its trace if there is one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from clicker import logs

REQUEST_ID, TRACE = "request_id", "traceparent"
"""Names in a job's meta and in what waits in the hot store; `traceparent` is W3C's."""

tracer: Any = None
"""OpenTelemetry's, if traces are on."""


def carried() -> dict[str, str]:
    """What to hand on from here; empty when nothing began this."""
    found = {REQUEST_ID: logs.request_id.get(), TRACE: traceparent()}
    return {name: value for name, value in found.items() if value}


@contextmanager
def following(work: str, found: Mapping[str, str], otherwise: str) -> Iterator[None]:
    """`work` goes on from what was carried here; without that it is its own beginning, under the id `otherwise`."""
    token = logs.request_id.set(found.get(REQUEST_ID) or otherwise)
    try:
        with _span(work, found.get(TRACE, "")):
            yield
    finally:
        logs.request_id.reset(token)


def traceparent() -> str:
    """The present span as W3C's header, if it is recorded."""
    if tracer is None:
        return ""
    from opentelemetry import propagate

    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    value = carrier.get(TRACE, "")
    return value if value and int(value[-2:], 16) & 1 else ""


def _span(name: str, parent: str) -> Any:
    if tracer is None:
        return nullcontext()
    from opentelemetry import propagate
    from opentelemetry.trace import SpanKind

    return tracer.start_as_current_span(
        name,
        context=propagate.extract({TRACE: parent}) if parent else None,
        kind=SpanKind.CONSUMER,
        attributes={REQUEST_ID: logs.request_id.get()},
    )
