"""The bot is killed, or Telegram is away: nothing is lost, nothing is said twice."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer, button
from tests.bot.conftest import people
from tests.bot.town import Town, bot_process
from tests.conftest import Stores
from tests.processes import running
from tests.waiting import eventually


@pytest.fixture(scope="module")
def fragile(
    game: Services, stores: Stores, hot_store: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A town of this module's own, where things are broken. The bot starts before Telegram is there."""
    environment = stores.environment() | {"REDIS_URL": hot_store.url}
    built = Town.built(environment, tmp_path_factory.mktemp("fragile"))
    try:
        yield built
    finally:
        built.stop()


@pytest.fixture(scope="module")
def settled(fragile: Town) -> Town:
    fragile.bot.start()
    eventually(lambda: "Telegram can't be reached" in fragile.log(), 60, "the bot waits for Telegram")
    fragile.start_sandbox()
    eventually(lambda: "ready" in fragile.log(), 60, "the bot is ready")
    return fragile


@pytest.fixture
def stranger(settled: Town) -> Newcomer:
    return people(settled)


def onboarded(zoe: Chat) -> Chat:
    zoe.say("/start")
    zoe.say(f"zed_{zoe.user}")
    return zoe


def test_a_bot_that_starts_before_telegram_waits_and_then_works(settled: Town, stranger: Newcomer) -> None:
    onboarded(stranger())
    assert settled.log().count("Telegram can't be reached") == 1
    assert "Telegram answers again" in settled.log()
    assert "Traceback" not in settled.log()
    assert "sandbox-token" not in settled.log()


def test_kill_9_and_every_conversation_goes_on_without_a_lost_update(
    settled: Town, stranger: Newcomer
) -> None:
    zoe = stranger()
    zoe.say("/start")
    crowd = [onboarded(stranger()) for _ in range(8)]
    for _ in range(6):
        for somebody in crowd:
            somebody.post("/me")
    settled.bot.kill()
    for somebody in crowd:
        somebody.post("/me")
    zoe.post(f"zed_{zoe.user}")
    settled.start_bot()

    zoe.reads(f"Welcome, zed_{zoe.user}!")
    for somebody in crowd:
        eventually(lambda each=somebody: _answers(each, "/me") >= 7, 20, f"7 answers for {somebody.user}")
    # What was in flight when the kill came may be answered twice: at most one update a conversation.
    assert all(_answers(somebody, "/me") <= 8 for somebody in crowd)
    zoe.say("/me")  # had the name been handled twice, its second answer would be here by now
    assert len([m for m in zoe.answers() if f"Welcome, zed_{zoe.user}!" in m["text"]]) == 1


def _answers(zoe: Chat, command: str) -> int:
    messages = zoe.view()["messages"]
    first = next(m["message_id"] for m in messages if m.get("text") == command)
    return len([m for m in messages if m["from"]["is_bot"] and m["message_id"] > first])


def test_a_stop_lets_handlers_finish_and_confirms_them(settled: Town, stranger: Newcomer) -> None:
    zoe = onboarded(stranger())
    zoe.say("/me")
    settled.bot.stop()
    assert settled.bot.exit_code == 0
    before = len(zoe.answers())
    settled.start_bot()
    zoe.say("/top")
    assert len(zoe.answers()) == before + 1


def test_a_second_bot_that_polls_as_well_makes_no_second_answer(settled: Town, stranger: Newcomer) -> None:
    """Telegram ends the poll of one with a 409 when the other asks: they take turns."""
    crowd = [onboarded(stranger()) for _ in range(4)]
    second = bot_process(settled.bot.environment, settled.bot.log.with_name("second.log"))
    with running(second):
        eventually(lambda: "ready" in second.log.read_text(), 20, "the second bot is ready")
        before = [len(somebody.answers()) for somebody in crowd]
        for command in ("/me", "/top", "/help"):
            for somebody in crowd:
                somebody.say(command)
        assert [len(somebody.answers()) for somebody in crowd] == [count + 3 for count in before]
        both = (settled.log(), second.log.read_text())
        assert 1 <= sum(log.count("somebody else takes this bot's updates") for log in both) <= 2
    assert crowd[0].say("/me"), "the first goes on alone"


def test_telegram_goes_away_and_comes_back(settled: Town, stranger: Newcomer) -> None:
    zoe = onboarded(stranger())
    settled.sandbox.stop()  # which ends the long poll
    settled.start_sandbox()
    assert button(zoe.say("/start"), "Play")


def test_a_store_that_is_away_is_a_calm_sentence(settled: Town, stranger: Newcomer, hot_store: Any) -> None:
    zoe = onboarded(stranger())
    pid = hot_store.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        written = zoe.post("/start")
        apology = eventually(
            lambda: [m for m in zoe.answers(written) if "catching its breath" in m["text"]], 15
        )[0]
    finally:
        os.kill(pid, signal.SIGCONT)
    zoe.press("Try again", apology)
    zoe.reads("Your clicks", apology["message_id"])
