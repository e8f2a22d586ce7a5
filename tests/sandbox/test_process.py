"""The process: its limits, its memory, its start and its stop."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import requests

from clicker.settings import SANDBOX_TOKEN
from tests.processes import ROOT, free_port
from tests.waiting import eventually


def started(sandbox, *users):
    for user in users:
        sandbox.act(user, "messages", text="/start")


def test_strict_limits_answer_429_with_retry_after_and_stop_the_whole_bot(start_sandbox):
    sandbox = start_sandbox().wait()  # strict is the default
    started(sandbox, 1, 2)
    message = sandbox.act(1, "messages", text="x")["message_id"]
    query = sandbox.act(1, "callbacks", message_id=message, data="d")["callback_query_id"]
    burst = [sandbox.call("sendMessage", chat_id=1, text="x") for _ in range(5)]
    refused = next(answer for answer in burst if not answer["ok"])
    pause = refused["parameters"]["retry_after"]
    assert refused["error_code"] == 429
    assert refused["description"] == f"Too Many Requests: retry after {pause}"
    assert sandbox.error("sendMessage", chat_id=2, text="x")[0] == 429
    assert sandbox.error("setMyName", name="x")[0] == 429
    assert sandbox.result("answerCallbackQuery", callback_query_id=query) is True
    assert sandbox.call("getUpdates")["ok"]
    assert sandbox.call("getMe")["ok"]
    stats = sandbox.get("stats")
    assert stats["chats"] == 2
    assert stats["calls"]["sendMessage"] == 6
    assert stats["too_many_requests"] == 4
    sandbox.stop()


def test_with_limits_off_everything_passes_and_is_counted(sandbox, alice):
    before = sandbox.get("stats")["calls"].get("sendMessage", 0)
    assert all(sandbox.call("sendMessage", chat_id=alice, text="x")["ok"] for _ in range(60))
    stats = sandbox.get("stats")
    assert stats["calls"]["sendMessage"] == before + 60
    assert stats["too_many_requests"] == 0


def test_a_restart_keeps_chats_profile_and_waiting_updates(start_sandbox, tmp_path):
    disk = {"SANDBOX_STATE": "disk", "DATA_DIR": str(tmp_path)}
    first = start_sandbox(**disk).wait()
    started(first, 7)
    requests.patch(f"{first.url}/sandbox/users/7", json={"first_name": "Семь"})
    sent = first.result("sendMessage", chat_id=7, text="<b>5</b>", parse_mode="HTML")["message_id"]
    first.result("setMyCommands", commands=[{"command": "top", "description": "x"}], language_code="en")
    saved = tmp_path / "sandbox.json"
    eventually(lambda: saved.exists() and len(json.loads(saved.read_bytes())["chats"]) == 1)
    first.act(7, "messages", text="last word")
    before = first.chat(7)
    assert first.stop() < 2

    second = start_sandbox(**disk).wait()
    assert second.chat(7) == before
    assert [update["message"]["text"] for update in second.updates()] == ["/start", "last word"]
    second.result("editMessageText", chat_id=7, message_id=sent, text="6")
    assert second.result("sendMessage", chat_id=7, text="next")["message_id"] > sent + 1
    second.stop()


def test_a_broken_file_is_put_aside_and_does_not_stop_the_start(start_sandbox, tmp_path):
    (tmp_path / "sandbox.json").write_text('{"core": 5')
    sandbox = start_sandbox(SANDBOX_STATE="disk", DATA_DIR=str(tmp_path)).wait()
    assert sandbox.get("stats")["chats"] == 0
    assert (tmp_path / "sandbox.broken.json").exists()
    sandbox.stop()


def test_an_open_long_poll_and_an_open_page_do_not_hold_up_the_stop(start_sandbox):
    sandbox = start_sandbox().wait()
    with ThreadPoolExecutor() as pool, requests.get(f"{sandbox.url}/sandbox/events", stream=True) as page:
        url = f"{sandbox.url}/bot{SANDBOX_TOKEN}/getUpdates?timeout=50"
        poll = pool.submit(requests.get, url)
        eventually(lambda: sandbox.get("stats")["calls"].get("getUpdates"))
        assert sandbox.stop() < 2
        assert poll.result(5).json() == {"ok": True, "result": []}
        assert page.status_code == 200
    assert sandbox.process.returncode == 0


def run(**environ):
    """Runs a sandbox that is not expected to start."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=20
    )


def test_a_taken_port_is_one_clear_line_and_exit_1(shared, tmp_path):
    port = shared.url.rpartition(":")[2]
    ended = run(SANDBOX_PORT=port, DATA_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr == f"port {port} (SANDBOX_PORT) can't be used: Address already in use\n"
    assert not list(tmp_path.iterdir())


def test_wrong_settings_are_one_clear_line_and_exit_1():
    ended = run(SANDBOX_PORT=str(free_port()), SANDBOX_LIMITS="loose")
    assert (ended.returncode, ended.stderr) == (1, "SANDBOX_LIMITS must be strict or off\n")


def test_it_never_starts_in_production():
    keys = {"BOT_TOKEN": "1:x", "SECRET_KEY": "s" * 16}
    stores = {"DATABASE_URL": "postgresql://x/x", "REDIS_URL": "redis://x"}
    ended = run(ENV="production", **keys, **stores)
    assert (ended.returncode, "development" in ended.stderr) == (1, True)
