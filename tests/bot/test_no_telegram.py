"""Telegram is away, slow or does not know the token: one line each, and the game goes on without it."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from clicker import wiring
from clicker.settings import Settings
from clicker.stores.embedded import Running
from clicker.wiring import Services
from tests.bot.town import bot_process
from tests.conftest import Stores, empty
from tests.faults.load import Tapper
from tests.processes import Web, running, worker
from tests.waiting import eventually

TOKEN = "7654321:not-a-secret-of-anybody"
SLOW_S = 0.4
PERSON = {"id": 820_001, "is_bot": False, "first_name": "Zoe", "language_code": "en"}


class Telegram(ThreadingHTTPServer):
    """Speaks just enough of the Bot API. `mood`: away (hangs up), wrong (401), slow or well."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mood, self.stopping = "away", threading.Event()
        self.calls: Counter[str] = Counter()
        self.sent: list[str] = []
        self.waiting: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, text: str) -> None:
        chat = {"id": PERSON["id"], "type": "private", "first_name": "Zoe"}
        message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": PERSON, "text": text}
        self.waiting.append({"update_id": 1, "message": message})

    def answer(self, method: str, body: str) -> tuple[int, Any]:
        if self.mood == "wrong":
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        self.stopping.wait(SLOW_S if self.mood == "slow" or method == "getUpdates" else 0)
        return 200, {"ok": True, "result": self.result(method, body)}

    def result(self, method: str, body: str) -> Any:
        if method == "getMe":
            return {"id": 7654321, "is_bot": True, "first_name": "Clicker", "username": "clicker_bot"}
        if method == "getUpdates":
            found, self.waiting = self.waiting, []
            return found
        if method == "getWebhookInfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        if method == "sendMessage":
            self.sent.append(body)
            chat = {"id": PERSON["id"], "type": "private"}
            return {"message_id": 1 + len(self.sent), "date": 1_800_000_000, "chat": chat, "text": "x"}
        return True


class Handler(BaseHTTPRequestHandler):
    server: Telegram
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        method = self.path.rpartition("/")[2]
        self.server.calls[f"{self.server.mood} {method}"] += 1
        if self.server.mood == "away":
            self.close_connection = True
            return
        status, answer = self.server.answer(method, body)
        told = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    server = Telegram()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.stopping.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def environment(stores: Stores, hot_store: Running, telegram: Telegram) -> dict[str, str]:
    own = {"REDIS_URL": hot_store.url, "RQ_REDIS_URL": hot_store.url, "LOG_FORMAT": "text"}
    return stores.environment() | own | {"BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": telegram.url}


@pytest.fixture
def play(stores: Stores, hot_store: Running) -> Iterator[Services]:
    built = wiring.build(Settings(database_url=stores.database_url, redis_url=hot_store.url))
    empty(built)
    yield built
    built.postgres.close_all()
    built.redis.close()


def test_the_bot_says_each_trouble_once_and_works_as_soon_as_it_is_over(
    environment: dict[str, str], telegram: Telegram, play: Services, tmp_path: Path
) -> None:
    bot = bot_process(environment, tmp_path / "bot.log")
    with running(bot):
        eventually(lambda: telegram.calls["away getMe"] >= 2, 20, "it tries again")
        telegram.mood = "wrong"
        eventually(lambda: telegram.calls["wrong getMe"] >= 2, 20, "it tries again")
        telegram.mood = "slow"
        telegram.says("/start")
        eventually(lambda: len(telegram.sent) == 2, 30, "slow answers are answers")
        telegram.mood = "away"
        eventually(lambda: telegram.calls["away getUpdates"] >= 2, 20, "it tries again")
    log = bot.log.read_text()
    assert log.count("Telegram can't be reached") == 1
    assert log.count("Telegram does not accept BOT_TOKEN") == 1
    assert log.count("Telegram answers again") == 1
    assert log.count("Telegram") == 3
    assert not {"Traceback", TOKEN.partition(":")[2]} & set(log.split())
    assert bot.exit_code == 0, "and it stops in good order, whatever Telegram does"


def test_without_telegram_the_web_and_the_worker_play_on(
    environment: dict[str, str], telegram: Telegram, play: Services, tmp_path: Path
) -> None:
    bot = bot_process(environment, tmp_path / "bot.log")
    web = Web(environment, tmp_path / "web.log")
    # The Mini App's initData is signed with the bot's token, which the web process has to know as well.
    with running(bot), running(web), running(worker(environment, tmp_path / "worker.log")):
        eventually(web.ready, 30, "web is ready")
        eventually(lambda: telegram.calls["away getMe"] >= 2, 20, "the bot tries")
        tapper = Tapper(web.url, 820_002, TOKEN).enter()
        tapper.batch(3)
        assert tapper.acknowledged == 3
        eventually(lambda: play.taps.verify().agree and play.taps.ledger.total() == 3, 30, "it is flushed")
