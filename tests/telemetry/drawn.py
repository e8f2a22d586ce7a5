"""Draws docs/telemetry.md's traces out of a real run: `make trace`.

Real stores, a web process and a worker that send their spans to a collector (OTLP over HTTP), one player who taps once.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.conftest import running_in
from tests.faults.load import Http
from tests.player import Device
from tests.processes import ROOT, Web, running, worker
from tests.telegram import ALICE
from tests.telemetry.collector import Collector, Span, collecting
from tests.waiting import eventually

DOCUMENT = ROOT / "docs/telemetry.md"
BEGIN, END = "<!-- drawn by `make trace` -->", "<!-- end of the drawing -->"
REQUEST = "the-tap"
WIDE = 40
"""Columns of the time line."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clicker-") as made:
        drawing = "\n\n".join(traced(Path(made)))
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{drawing}\n\n{END}{rest.partition(END)[2]}")


def traced(folder: Path) -> list[str]:
    """The request's trace, and the flush's as far as its row goes, as they arrived."""
    with ExitStack() as stack:
        collector = stack.enter_context(collecting())
        stores = stack.enter_context(running_in(folder, clustered=False))
        environment = {
            **stores.environment(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_TRACES_SAMPLER_ARG": "1",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }
        web = Web(environment, folder / "web.log").started()
        stack.callback(web.stop)
        stack.enter_context(running(worker(environment, folder / "worker.log")))
        alice = Device(Http(web.url), time.time, ALICE).opened().named("alice")
        for _ in range(20):  # nobody is to see how long the very first one takes
            alice.tap(1)
        eventually(lambda: flushed(collector), 20, "the taps before are flushed")
        alice.sequence += 1
        alice.post("/click", {"delta": 2, "sequence": alice.sequence}, headers={"X-Request-Id": REQUEST})
        tap = eventually(lambda: asked(collector), what="the request's span")
        row = eventually(lambda: [s for s in flushed(collector) if s.trace == tap.trace], what="its row")[0]
        job = eventually(lambda: ended(collector, row), what="the flush's span")
        return [chart(collector, tap.trace), chart(collector, job.trace, partial(of_the_row, row))]


def asked(collector: Collector) -> Span | None:
    return next((s for s in collector.named("POST /click") if s.attributes["request_id"] == REQUEST), None)


def flushed(collector: Collector) -> list[Span]:
    return collector.named("flush row")


def ended(collector: Collector, row: Span) -> Span | None:
    return next((span for span in collector.named("job flush") if span.trace in row.links), None)


def of_the_row(row: Span, span: Span) -> bool:
    """A flush works on two shards at a time; of all that it does this is what the row's transaction is made of."""
    steps = ("BEGIN", "EVALSHA", "WITH", "INSERT", "COMMIT")
    return span.name in steps and row.start <= span.start and span.end <= row.end


def chart(collector: Collector, trace: str, shown: Callable[[Span], bool] = lambda span: True) -> str:
    """A trace as lines: what, where, when it began and how long it took (ms), and when as a bar."""
    spans = [span for span in collector.ordered(trace) if span[0] == 0 or shown(span[1])]
    first = min(span.start for _, span in spans)
    scale = (WIDE - 1) / max(1, max(span.end for _, span in spans) - first)
    lines = [f"trace {trace}"]
    for depth, span in spans:
        at, took = span.start - first, span.end - span.start
        bar = (" " * round(at * scale) + "█" * max(1, round(took * scale)))[:WIDE]
        name = ("  " * depth + span.name)[:26]
        lines.append(f"{name:<26} {span.service:<14} {at / 1e6:7.1f} {took / 1e6:6.1f} ms  {bar}")
    return "\n".join(["```", *(line.rstrip() for line in lines), "```"])


if __name__ == "__main__":
    main()
