"""The main message keeps itself up to date, says when, and says so when it stops. Under Telegram's limits."""

import re
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest

from clicker import wiring
from clicker.clock import to_ms
from clicker.live.rules import BETWEEN_S, LEAD_S
from clicker.settings import Settings
from clicker.stores.keys import Keys
from clicker.wiring import Services
from tests.bot.chat import Chat, Message, Newcomer, button, buttons
from tests.bot.conftest import people
from tests.bot.town import Town
from tests.conftest import Stores
from tests.waiting import eventually

SOON_S = 3.5
"""The promise is 3 s, to which `make bench-bot` holds us; here the machine is busy with other tests."""
TURN_S = 8


@pytest.fixture(scope="module")
def play(stores: Stores, hot_store: Any) -> Iterator[Services]:
    """The game of this module's own town."""
    settings = Settings(database_url=stores.database_url, redis_url=hot_store.url, session_idle_s=60)
    built = wiring.build(settings)
    built.taps.rebuild()
    yield built
    built.postgres.close_all()
    built.redis.close()


@pytest.fixture(scope="module")
def strict(
    play: Services, stores: Stores, hot_store: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A town with Telegram's limits, and a hot store without anybody else's live messages."""
    environment = stores.environment() | {"REDIS_URL": hot_store.url}
    built = Town.built(environment, tmp_path_factory.mktemp("strict"), SANDBOX_LIMITS="strict")
    try:
        yield built.started()
    finally:
        assert built.stats()["too_many_requests"] == 0
        built.stop()
        assert "Traceback" not in built.log(), f"see {built.bot.log}"


@pytest.fixture
def newcomer(strict: Town, play: Services) -> Newcomer:
    """People who are alone with the bot: the live messages of those before them have ended."""
    for chat in play.redis.zrange(Keys.LIVE_DUE, 0, -1):
        play.live.stop(int(chat))
    return people(strict)


@pytest.fixture
def alice(newcomer: Newcomer, play: Services) -> Chat:
    """A player whose main message is alive."""
    chat = newcomer()
    chat.say("/start")
    chat.say(f"alice_{chat.user}")
    eventually(lambda: play.live.find(chat.user))
    return chat


def played(play: Services, chat: Chat, taps: int) -> str:
    """Opens the Mini App and taps. Returns the session's token."""
    opened = play.sessions.open(chat.init_data())
    play.taps.tap(play.sessions.claims(opened.token), taps, 1)
    return opened.token


def shows(chat: Chat, words: str, message: Message, seconds: float = TURN_S) -> Message:
    return eventually(
        lambda: words in chat.message(message["message_id"])["text"] and chat.message(message["message_id"]),
        seconds,
        words,
    )


def edits(strict: Town) -> int:
    return int(strict.stats()["calls"].get("editMessageText", 0))


def turns_pass(play: Services, chat: Chat, turns: int = 1) -> None:
    """Waits until the message was looked at so often."""
    for _ in range(turns):
        due = play.redis.zscore(Keys.LIVE_DUE, str(chat.user))
        leased = eventually(lambda before=due: _other(play, chat, before), TURN_S)
        eventually(lambda before=leased: _other(play, chat, before), TURN_S)


def _other(play: Services, chat: Chat, before: float | None) -> float | None:
    due = play.redis.zscore(Keys.LIVE_DUE, str(chat.user))
    return due if due != before else None


def test_a_change_shows_within_three_seconds_and_says_when(alice: Chat, play: Services) -> None:
    message = alice.last()
    took = []
    for taps, total in ((7, "7"), (8, "15"), (9, "24")):
        played(play, alice, taps)
        begun = time.monotonic()
        shown = shows(alice, f"Your clicks: {total}", message)
        took.append(time.monotonic() - begun)
        assert re.search(r"Updated \d\d:\d\d:\d\d UTC", shown["text"])
    assert median(took) < SOON_S, took  # one of them may meet a stall of the machine


def test_without_news_nothing_is_sent(alice: Chat, play: Services, strict: Town) -> None:
    before = edits(strict)
    turns_pass(play, alice)
    assert edits(strict) == before


def test_a_hundred_quick_refreshes_give_an_edit_or_two_and_no_error(
    alice: Chat, play: Services, strict: Town
) -> None:
    message = alice.last()
    played(play, alice, 42)
    before, begun = edits(strict), time.monotonic()
    for _ in range(99):
        alice._http.post(
            f"{alice._url}/callbacks", json={"message_id": message["message_id"], "data": "show:welcome:1"}
        )
    assert alice.press("Refresh", message)["text"].startswith("42 clicks")
    took = time.monotonic() - begun
    shows(alice, "Your clicks: 42", message)
    turns_pass(play, alice, 2)
    eventually(lambda: play.redis.zscore(Keys.LIVE_ASKED, str(alice.user)) is None, TURN_S)
    turns_pass(play, alice)
    most = 2 + int(took / (BETWEEN_S - LEAD_S))  # where they were not quick: each edit tells the time
    assert 1 <= edits(strict) - before <= most


def test_the_reaper_turns_the_message_to_paused_and_resume_turns_it_back(alice: Chat, play: Services) -> None:
    message = alice.last()
    token = played(play, alice, 5)
    shows(alice, "Your clicks: 5", message)
    idle(play, alice)
    paused = shows(alice, "Paused", message)
    assert button(paused, "Resume")["style"] == "primary"
    assert "Your game is paused" in alice.say("what now?")["text"]

    assert "goes on" in alice.press("Resume", paused)["text"]
    assert button(eventually(lambda: _without(alice, message, "Paused"), TURN_S), "Refresh")
    assert play.sessions.presence(alice.user) == "active"
    play.taps.tap(play.sessions.claims(token), 3, 2)  # the Mini App goes on without asking
    shows(alice, "Your clicks: 8", message)


def test_resuming_in_the_mini_app_turns_the_message_back_as_well(alice: Chat, play: Services) -> None:
    message = alice.last()
    token = played(play, alice, 6)
    idle(play, alice)
    shows(alice, "Paused", message)
    play.sessions.resume(play.sessions.claims(token))
    assert button(eventually(lambda: _without(alice, message, "Paused"), TURN_S), "Refresh")
    assert "I understand taps best" in alice.say("hello")["text"], (
        "the conversation is back in the main scene"
    )


def idle(play: Services, chat: Chat) -> None:
    """All the player's sessions get no sign of life for a while, and the reaper comes by."""
    keys = play.sessions.hot.keys
    k = keys.shard(chat.user)
    for session in play.sessions.of_player(chat.user):
        play.redis.zadd(keys.seen(k), {session["id"]: to_ms(play.clock() - 120)}, xx=True)
    assert play.sessions.reap()[0]


def _without(chat: Chat, message: Message, words: str) -> Message | None:
    shown = chat.message(message["message_id"])
    return shown if words not in shown["text"] else None


def test_a_message_nobody_looks_at_stands_still_says_so_and_can_be_woken(alice: Chat, play: Services) -> None:
    message = alice.last()
    play.redis.zadd(Keys.LIVE_SEEN, {str(alice.user): to_ms(play.clock() - 3600)})
    asleep = shows(alice, "Standing still since", message, TURN_S)
    eventually(lambda: play.live.find(alice.user) is None)
    alice.press("Wake up", asleep)
    shows(alice, "Updated", message)
    played(play, alice, 11)
    shows(alice, "Your clicks: 11", message)


def test_a_newer_main_message_puts_the_older_one_to_rest(alice: Chat, play: Services) -> None:
    older = alice.last()
    newer = alice.say("/start")
    assert button(shows(alice, "Standing still since", older, TURN_S), "Wake up")
    played(play, alice, 12)
    shows(alice, "Your clicks: 12", newer)


def test_another_screen_in_the_live_message_is_not_overwritten(alice: Chat, play: Services) -> None:
    message = alice.last()
    alice.press("Settings", message)
    settings = shows(alice, "Language", message)
    played(play, alice, 13)
    assert play.live.find(alice.user) is None
    alice.press("Back", settings)
    shows(alice, "Your clicks: 13", message)


def test_a_milestone_is_celebrated_once_with_an_effect(alice: Chat, play: Services) -> None:
    message = alice.last()
    played(play, alice, 130)
    shows(alice, "Your clicks: 130", message)
    party = alice.reads("100 clicks!")
    assert party["effect_id"] == "5046509860389126442"
    assert buttons(party)


def test_a_player_who_blocks_the_bot_is_left_in_peace_until_they_are_back(
    alice: Chat, play: Services, strict: Town
) -> None:
    alice._http.post(f"{alice._url}/block", json={})
    played(play, alice, 14)
    eventually(lambda: play.live.find(alice.user) is None, TURN_S)
    assert play.outbox.is_gone(alice.user)
    alice._http.post(f"{alice._url}/unblock", json={})
    message = alice.say("/start")
    assert not play.outbox.is_gone(alice.user)
    played(play, alice, 15)
    shows(alice, "Your clicks: 29", message)


def test_another_language_shows_at_once_in_menu_and_message(alice: Chat) -> None:
    message = alice.last()
    alice.introduce(language_code="ru")
    alice.press("Refresh", message)
    eventually(lambda: "Updated" not in alice.message(message["message_id"])["text"], TURN_S)
    eventually(lambda: alice.view()["menu_button"]["text"] != "Play", TURN_S)


def test_a_message_goes_on_after_kill_9_of_the_bot(alice: Chat, play: Services, strict: Town) -> None:
    message = alice.last()
    strict.bot.kill()
    played(play, alice, 16)
    strict.start_bot()
    shows(alice, "Your clicks: 16", message, 25)
