"""How updates reach the bot: long polling and webhook."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from clicker.settings import SANDBOX_TOKEN
from tests.waiting import eventually


def say(sandbox, user, *texts):
    for text in texts:
        sandbox.act(user, "messages", text=text)


def texts(updates):
    return [update["message"]["text"] for update in updates]


def test_unconfirmed_updates_come_again_and_confirmed_ones_do_not(sandbox, alice):
    say(sandbox, alice, "one", "two", "three")
    first = sandbox.result("getUpdates", limit=2)
    assert texts(first) == ["one", "two"]
    assert texts(sandbox.result("getUpdates")) == ["one", "two", "three"]
    assert texts(sandbox.result("getUpdates", offset=first[1]["update_id"] + 1)) == ["three"]
    assert texts(sandbox.result("getUpdates", offset=0)) == ["three"]


def test_a_negative_offset_keeps_the_newest_only(sandbox, alice):
    say(sandbox, alice, "one", "two", "three")
    assert texts(sandbox.result("getUpdates", offset=-1)) == ["three"]
    assert texts(sandbox.result("getUpdates")) == ["three"]


def test_update_ids_grow_by_one(sandbox, alice):
    say(sandbox, alice, "one", "two")
    first, second = sandbox.result("getUpdates")
    assert second["update_id"] == first["update_id"] + 1


def test_a_long_poll_returns_as_soon_as_something_happens(sandbox, alice):
    before = sandbox.get("stats")["calls"]["getUpdates"]
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(other_poll, sandbox, timeout=30)
        eventually(lambda: sandbox.get("stats")["calls"]["getUpdates"] > before)
        begun = time.monotonic()
        say(sandbox, alice, "now")
        assert texts(poll.result(5)["result"])[-1] == "now"
        assert time.monotonic() - begun < 2


def test_an_empty_long_poll_ends_after_its_timeout(sandbox):
    begun = time.monotonic()
    assert sandbox.result("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - begun < 3


def other_poll(sandbox, **parameters):
    """A poll on a connection of its own: the fixture's is not for two threads."""
    return requests.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/getUpdates", json=parameters).json()


def test_a_second_poller_ends_the_first_with_a_conflict(sandbox, alice):
    before = sandbox.get("stats")["calls"]["getUpdates"]
    with ThreadPoolExecutor() as pool:
        older = pool.submit(other_poll, sandbox, timeout=30)
        eventually(lambda: sandbox.get("stats")["calls"]["getUpdates"] > before)
        assert sandbox.result("getUpdates") == []
        answer = older.result(5)
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


def test_only_the_allowed_kinds_are_queued(sandbox, alice):
    sandbox.result("getUpdates", allowed_updates=["callback_query"])
    message = sandbox.act(alice, "messages", text="x")["message_id"]
    sandbox.act(alice, "callbacks", message_id=message, data="d")
    assert [list(update)[1] for update in sandbox.updates()] == ["callback_query"]
    sandbox.result("getUpdates", allowed_updates=[])
    say(sandbox, alice, "y")
    assert texts(sandbox.updates()) == ["y"]


class Receiver(HTTPServer):
    """A bot's webhook: keeps what came, and answers with the statuses it is told, then 200."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Hook)
        self.statuses = []
        self.seen = []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.server.seen.append((status, update, self.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_gets_updates_in_order_and_again_until_it_takes_them(sandbox, alice, receiver):
    receiver.statuses = [500, 503]
    sandbox.result("setWebhook", url=receiver.url, secret_token="s3cret_-")
    say(sandbox, alice, "one", "two", "three")
    eventually(lambda: len(receiver.seen) == 5)
    assert [(status, update["message"]["text"]) for status, update, _ in receiver.seen] == [
        (500, "one"),
        (503, "one"),
        (200, "one"),
        (200, "two"),
        (200, "three"),
    ]
    assert {secret for *_, secret in receiver.seen} == {"s3cret_-"}
    eventually(lambda: sandbox.result("getWebhookInfo")["pending_update_count"] == 0)
    info = sandbox.result("getWebhookInfo")
    assert info["url"] == receiver.url
    assert info["last_error_message"] == "Wrong response from the webhook: 503"


def test_polling_and_webhook_exclude_each_other(sandbox, receiver):
    sandbox.result("setWebhook", url=receiver.url)
    status, description = sandbox.error("getUpdates")
    assert status == 409
    assert description.startswith("Conflict: can't use getUpdates method while webhook is active")
    sandbox.result("deleteWebhook", drop_pending_updates=True)
    assert sandbox.result("getUpdates") == []
