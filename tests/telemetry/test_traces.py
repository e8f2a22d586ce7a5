"""Real processes send real spans to a collector; without one nothing is imported."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clicker.settings import SANDBOX_TOKEN
from clicker.wiring import Services
from tests.bot.town import Town
from tests.conftest import Stores
from tests.faults.load import Http
from tests.player import Device
from tests.processes import ROOT, Web, running, worker
from tests.telegram import ALICE, BOB
from tests.telemetry.collector import Collector, collecting
from tests.waiting import eventually

PARTS = ("opentelemetry.sdk.trace", "opentelemetry.instrumentation", "opentelemetry.exporter", "sentry_sdk")
"""redis-py looks for OpenTelemetry's metrics by itself, and finds them."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


@pytest.fixture
def environment(collector: Collector, stores: Stores) -> dict[str, str]:
    traces = {"OTEL_TRACES_SAMPLER_ARG": "1", "OTEL_BSP_SCHEDULE_DELAY": "100"}
    return {**stores.environment(), **traces, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}


def test_one_trace_leads_from_a_tap_to_its_flushed_row(
    environment, collector: Collector, services: Services, clock, tmp_path: Path
):
    clock.now = time.time()
    with running(Web(environment, tmp_path / "web.log")) as web:
        eventually(web.ready, 30, f"web is ready, see {web.log}")
        alice = Device(Http(web.url), clock, ALICE).opened().named("alice")
        alice.tap(3)
        alice.post("/click", {"delta": 2, "sequence": 2}, headers={"X-Request-Id": "the-tap"})
        tap = eventually(
            lambda: [s for s in collector.named("POST /click") if s.attributes["request_id"] == "the-tap"],
            what="the request's span",
        )[0]
        with running(worker(environment, tmp_path / "worker.log")) as background:
            mine = eventually(
                lambda: [s for s in collector.named("flush row") if s.trace == tap.trace],
                20,
                f"the flush's span, see {background.log}",
            )[0]
    script = next(span for span in collector.named("tap") if span.trace == tap.trace)
    assert (tap.service, script.service, mine.service) == ("clicker-web", "clicker-web", "clicker-worker")
    assert script.parent == tap.id
    assert mine.parent == script.id
    assert mine.attributes["sequence"] == "2"
    assert tap.start <= script.start <= script.end <= tap.end <= mine.end
    job = next(span for span in collector.named("job flush") if span.trace in mine.links)
    assert job.start <= mine.start <= mine.end <= job.end
    assert any(span.trace == job.trace and "INSERT" in span.name for span in collector.spans)
    assert services.redis.hlen(f"{{{services.taps.hot.keys.shard(ALICE)}}}:traces") == 0
    shown = [(depth, span.name, span.service) for depth, span in collector.ordered(tap.trace)]
    text = (ROOT / "docs/telemetry.md").read_text()
    drawn = re.findall(r"^( *)(\S.*?) +(clicker-\w+) +[\d.]+ +[\d.]+ ms", text, re.MULTILINE)
    assert [(len(depth) // 2, name, where) for depth, name, where in drawn][: len(shown)] == shown, (
        "make trace"
    )


def test_nothing_that_is_secret_is_in_a_trace(environment, collector: Collector, services, clock, tmp_path):
    clock.now = time.time()
    with running(Web(environment, tmp_path / "web.log")) as web:
        eventually(web.ready, 30, f"web is ready, see {web.log}")
        bob = Device(Http(web.url), clock, BOB).opened().named("bobby_tables")
        ticket = bob.post("/live/ticket").json["ticket"]
        bob.get(f"/live?ticket={ticket}")
        bob.tap(1)
        eventually(lambda: collector.named("tap"), what="spans")
    town = Town.built(environment, tmp_path)
    try:
        town.started()
        town.chat(4711).say("/start")
        eventually(lambda: [s for s in collector.spans if s.service == "clicker-bot"], what="the bot's spans")
        update = eventually(lambda: collector.named("update message"), what="the update's span")[0]
        eventually(
            lambda: [s for s in collector.spans if s.trace == update.trace and "sendMessage" in str(s)],
            what="the message that answers it is in its trace",
        )
    finally:
        town.stop()
    everything = b"".join(collector.raw)
    for secret in (SANDBOX_TOKEN, bob.token, ticket, "hash=", "bobby_tables"):
        assert secret.encode() not in everything


@pytest.mark.parametrize("program", ["wsgi", "worker", "bot"])
def test_without_an_endpoint_nothing_of_it_is_imported(program: str):
    code = f"import sys, {program}; print([m for m in sys.modules if m.startswith({PARTS!r})])"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL", "SENTRY"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_without_an_endpoint_the_tap_path_is_as_it_was(app, alice, services):
    from clicker.taps.store import HotTaps
    from clicker.telemetry.start import begin

    begin(services, "web", app)
    assert services.taps.hot.tap.__func__ is HotTaps.tap
    assert not hasattr(app, "_is_instrumented_by_opentelemetry")
