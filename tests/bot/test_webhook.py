"""Updates by webhook: only Telegram is heard, and none is lost or handled twice."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from clicker.bot.webhook import PATH, SECRET_HEADER
from tests.bot.chat import Chat, Newcomer
from tests.bot.conftest import people
from tests.bot.town import Bot, Town
from tests.conftest import Stores
from tests.processes import free_port
from tests.waiting import eventually

SECRET = "a-secret-of-this-test"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def hooked(
    stores: Stores, hot_store: Any, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A town whose bot is called by Telegram. The bot listens beside the web process: on PORT + 1."""
    environment = stores.environment() | {"REDIS_URL": hot_store.url}
    public = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET, "PORT": str(port - 1)}
    built = Town.built(environment, tmp_path_factory.mktemp("hooked"), **public)
    try:
        yield built.started()
    finally:
        built.stop()
        assert "Traceback" not in built.log(), f"see {built.bot.log}"


@pytest.fixture
def newcomer(hooked: Town) -> Newcomer:
    return people(hooked)


def deliver(port: int, update: Any, secret: str = SECRET) -> int:
    body = {"json": update} if isinstance(update, dict) else {"data": update}
    url = f"http://127.0.0.1:{port}{PATH}"
    return requests.post(url, headers={SECRET_HEADER: secret}, timeout=30, **body).status_code


def message(update_id: int, chat: Chat, text: str) -> dict[str, Any]:
    person = {"id": chat.user, "is_bot": False, "first_name": "Zoe"}
    where = {"id": chat.user, "type": "private", "first_name": "Zoe"}
    sent = {"message_id": 1, "date": 1_800_000_000, "chat": where, "from": person, "text": text}
    return {"update_id": update_id, "message": sent}


def test_the_bot_is_called_and_answers(alice: Chat, hooked: Town) -> None:
    assert "Your clicks: 0" in alice.say("/me")["text"]
    assert hooked.stats()["calls"].get("getUpdates", 0) == 0


def test_without_the_secret_nobody_is_heard(alice: Chat, port: int) -> None:
    before = len(alice.answers())
    for secret in ("", "wrong", SECRET + "x", "не тот".encode().decode("latin-1")):
        assert deliver(port, message(1, alice, "/me"), secret) == 401
    alice.say("/top")
    assert len(alice.answers()) == before + 1


def test_an_update_that_comes_again_acts_once(alice: Chat, port: int) -> None:
    before = len(alice.answers())
    assert [deliver(port, message(990_001, alice, "/me")) for _ in range(3)] == [200, 200, 200]
    assert len(alice.answers()) == before + 1


def test_what_cannot_be_read_is_refused_once_and_holds_up_nobody(port: int, alice: Chat) -> None:
    for body in (b"", b"{", b'{"update_id": "x"}', b'{"update_id": 5, "message": 7}'):
        assert deliver(port, body) == 200
    assert alice.say("/me")


def test_a_second_process_takes_over_when_the_first_is_killed(alice: Chat, hooked: Town) -> None:
    second = Bot(hooked.bot.argv, hooked.bot.environment, hooked.bot.log.with_name("second.log"))
    second.start()
    try:
        eventually(lambda: "ready" in second.log.read_text(), 20, "the second bot is ready")
        hooked.bot.kill()
        for text in ("/me", "/top", "/help"):
            assert alice.say(text)
    finally:
        hooked.start_bot()
        second.stop()
    assert second.exit_code == 0


def test_a_stop_loses_no_update(alice: Chat, hooked: Town) -> None:
    before = len(alice.answers())
    for _ in range(5):
        alice.post("/me")
    hooked.bot.stop()
    for _ in range(5):
        alice.post("/me")
    hooked.start_bot()
    eventually(lambda: len(alice.answers()) >= before + 10, 30, "ten answers")
    assert len(alice.answers()) == before + 10


def test_without_a_secret_the_bot_polls_again_and_nothing_is_dropped(alice: Chat, hooked: Town) -> None:
    hooked.bot.stop()
    asked = alice.post("/me")
    hooked.bot.environment["WEBHOOK_SECRET"] = ""
    try:
        hooked.start_bot()
        alice.post("/top")  # the answer to what waited may come after this
        me, top = eventually(
            lambda: len(found := alice.answers(asked)) == 2 and found, 30, "both are answered"
        )
        assert "Your rank" in me["text"]
        assert "Top 20" in top["text"]
    finally:
        hooked.bot.environment["WEBHOOK_SECRET"] = SECRET
