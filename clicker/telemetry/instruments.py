"""Traces by OpenTelemetry. Imported only if OTEL_EXPORTER_OTLP_ENDPOINT is set.

A trace begins with a request, an update or a job; store calls of the loops beside them belong to none and are left
out. One in a hundred is recorded, or the share in OTEL_TRACES_SAMPLER_ARG; a caller's `traceparent` is obeyed.
"""

import os
from collections.abc import Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import (
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Link, SpanKind
from opentelemetry.util.types import Attributes

from clicker import logs
from clicker.telemetry import trail
from clicker.telemetry.tapped import follow_taps
from clicker.wiring import Services

SHARE = "0.01"
_NOT_TRACED = "/health/.*,/metrics,/static/.*,/live.*"
"""Addresses of the web process; `/live` bears a ticket, which is nobody's business."""


class Beginnings(Sampler):
    """Records a share of what begins something, and nothing else."""

    def __init__(self, share: float) -> None:
        self._share = TraceIdRatioBased(share)

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: Any = None,
    ) -> SamplingResult:
        if kind not in (SpanKind.SERVER, SpanKind.CONSUMER):
            return SamplingResult(Decision.DROP)
        return self._share.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"Beginnings({self._share.get_description()})"


def begin(services: Services, part: str, app: Any) -> None:
    """Sends what is recorded to the collector, by OTLP over HTTP."""
    share = float(os.environ.get("OTEL_TRACES_SAMPLER_ARG", SHARE))
    provider = TracerProvider(
        sampler=ParentBased(Beginnings(share)),
        resource=Resource.create({"service.name": f"clicker-{part}", "service.namespace": "clicker"}),
    )
    endpoint = services.settings.otel_exporter_otlp_endpoint.rstrip("/") + "/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    trail.tracer = trace.get_tracer("clicker")
    RedisInstrumentor().instrument()
    Psycopg2Instrumentor().instrument(skip_dep_check=True)  # it looks for psycopg2; ours is psycopg2-binary
    follow_taps(services.taps, trail.tracer)
    if app is not None:
        _flask(app)
    if part == "bot":
        _aiohttp()


def _flask(app: Any) -> None:
    from opentelemetry.instrumentation.flask import FlaskInstrumentor

    def note(span: Any, _environ: dict[str, Any]) -> None:
        span.set_attribute(trail.REQUEST_ID, logs.request_id.get())

    FlaskInstrumentor().instrument_app(
        app, request_hook=note, excluded_urls=_NOT_TRACED, enable_commenter=False
    )


def _aiohttp() -> None:
    from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor

    # The bot's token is part of every address: the method's name is what is left.
    AioHttpClientInstrumentor().instrument(
        url_filter=lambda url: str(url.with_path("/bot/" + url.name).with_query(None))
    )
