"""One id leads from the request through the job to the bot, in every process's log."""

import asyncio
import io
import json
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiogram.types import Chat, Message, Update

from clicker import logs
from clicker.bot.middlewares import TrailMiddleware
from clicker.bot.renewal import Renewal
from clicker.jobs import queue
from clicker.live.rules import Phase
from clicker.sessions.jobs import reap
from clicker.settings import Settings
from clicker.stores.redis import connect_rq
from clicker.telemetry import trail
from tests.player import Device
from tests.processes import running, worker
from tests.telegram import ALICE
from tests.waiting import eventually


@pytest.fixture
def said(monkeypatch):
    """What this process logs, as the records of its JSON."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level = list(root.handlers), root.level
    monkeypatch.setattr(sys, "stdout", stream)
    logs.setup(Settings(log_level="DEBUG"))
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


def test_a_record_is_one_line_of_json_with_the_id_and_what_belongs_to_it(said):
    with trail.following("update", {}, "update-7"):
        logging.getLogger("clicker").warning("pace is %s", "busy", extra={"reasons": ["loop_ms"]})
    record = said()[-1]
    assert record["event"] == "pace is busy"
    assert record["request_id"] == "update-7"
    assert record["reasons"] == ["loop_ms"]
    assert record["level"] == "warning"
    assert datetime.fromisoformat(record["timestamp"])


def test_the_requests_id_is_in_the_log_and_in_the_answer(app, said):
    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError

    answer = app.test_client().get("/broken", headers={"X-Request-Id": "req-9", "Accept": "application/json"})
    assert answer.json["error"]["requestId"] == answer.headers["X-Request-Id"] == "req-9"
    record = next(record for record in said() if record["event"] == "unexpected error")
    assert (record["request_id"], record["path"]) == ("req-9", "/broken")
    assert "ZeroDivisionError" in record["exception"]


def test_the_id_goes_from_a_request_through_a_job_to_the_bot(app, clock, services, stores, tmp_path, said):
    @app.post("/reap")
    def sweep() -> str:
        queue.send(connect_rq(stores.rq_redis_url), reap)
        return "sent"

    clock.now = time.time() - 2 * services.settings.session_idle_s
    alice = Device(app.test_client(), clock).opened()
    services.live.show(ALICE, 5, "digest", Phase.ACTIVE, 0)
    alice.post("/reap", headers={"X-Request-Id": "req-10"})
    with running(worker(stores.environment(), tmp_path / "worker.log")) as background:
        done = eventually(lambda: heard(background.log, "job reap: done"), 20, str(background.log))
    assert done[0]["request_id"] == "req-10"
    assert services.live.find(ALICE).carried == {"request_id": "req-10"}
    clock.now = time.time() + 1
    assert renewed(services, said) == "req-10"


def heard(log: Path, words: str) -> list[dict[str, str]]:
    """Records of a process's log."""
    records = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [record for record in records if words in record["event"]]


def renewed(services, said) -> str:
    """Has the bot's part renew, with a Telegram that breaks. Returns the id under which it says so."""

    async def broken(chat: int) -> None:
        raise ZeroDivisionError

    async def work() -> None:
        nothing = SimpleNamespace(asked=asyncio.Event())
        game = SimpleNamespace(look=broken)
        renewal = Renewal(None, game, nothing, services.live, None, services.clock)  # type: ignore[arg-type]
        await renewal.round()

    asyncio.run(work())
    found = [record for record in said() if record["event"] == f"live message of {ALICE} failed"]
    return found[-1]["request_id"]


def test_an_update_has_an_id_of_its_own(said):
    async def handler(event, data) -> None:
        logging.getLogger("clicker.bot").info("handled")

    message = Message(message_id=1, date=datetime.now(UTC), chat=Chat(id=1, type="private"), text="hi")
    before = logs.request_id.get()
    asyncio.run(TrailMiddleware()(handler, Update(update_id=42, message=message), {}))
    assert said()[-1]["request_id"] == "update-42"
    assert logs.request_id.get() == before
