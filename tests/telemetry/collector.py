"""A collector of traces that only remembers: OTLP over HTTP, as an operator's would take it."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """A span as it arrived; times in nanoseconds."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    start: int
    end: int
    attributes: dict[str, str]
    links: tuple[str, ...]
    """Ids of the traces of what it is linked to."""


@dataclass
class Collector:
    """What arrived so far, raw and read."""

    url: str = ""
    raw: list[bytes] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        self.raw.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            service = {a.key: a.value.string_value for a in resource.resource.attributes}["service.name"]
            for scope in resource.scope_spans:
                self.spans += [
                    Span(
                        service,
                        span.name,
                        span.trace_id.hex(),
                        span.span_id.hex(),
                        span.parent_span_id.hex(),
                        span.start_time_unix_nano,
                        span.end_time_unix_nano,
                        {a.key: a.value.string_value or str(a.value.int_value) for a in span.attributes},
                        tuple(link.trace_id.hex() for link in span.links),
                    )
                    for span in scope.spans
                ]

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def ordered(self, trace: str) -> list[tuple[int, Span]]:
        """One trace, as depth and span: children under their parents, in the order of their beginnings."""
        mine = sorted((span for span in self.spans if span.trace == trace), key=lambda span: span.start)
        known = {span.id for span in mine}

        def below(parent: Span | None, depth: int) -> list[tuple[int, Span]]:
            found = []
            for span in mine:
                if (span.parent == parent.id) if parent else (span.parent not in known):
                    found += [(depth, span), *below(span, depth + 1)]
            return found

        return below(None, 0)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens until the end of the block."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            collector.take(gzip.decompress(body) if packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        collector.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield collector
        server.shutdown()
