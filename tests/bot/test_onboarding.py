"""How a newcomer gets a username, whatever they do."""

import pytest

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer, button, buttons
from tests.waiting import eventually


def labels(message: dict) -> list[str]:
    return [b["text"] for b in buttons(message)]


def username_of(game: Services, chat: Chat) -> str:
    player = game.players.get(chat.user)
    return player.username if player else ""


def test_start_suggests_usernames_and_opens_a_reply_field(newcomer: Newcomer) -> None:
    zoe = newcomer()
    suggestions = zoe.say("/start")
    assert "Hi Zoe!" in suggestions["text"]
    assert labels(suggestions)[0] == f"Use zoe_{zoe.user}"
    assert button(suggestions, "Another idea")
    assert button(suggestions, "Surprise me")
    prompt = eventually(lambda: zoe.answers(suggestions["message_id"]))[-1]
    assert prompt["reply_markup"] == {"force_reply": True, "input_field_placeholder": "Your username"}


def test_a_typed_username_opens_the_game(newcomer: Newcomer, game: Services) -> None:
    zoe = newcomer()
    suggestions = zoe.say("/start")
    welcome = zoe.say(f"@typed_{zoe.user}")
    assert username_of(game, zoe) == f"typed_{zoe.user}"
    assert f"Welcome, typed_{zoe.user}!" in welcome["text"]
    assert "Your clicks: 0" in welcome["text"]
    assert button(welcome, "Play")["web_app"]["url"].startswith("http")
    assert button(welcome, "Play")["style"] == "success"
    assert not buttons(zoe.message(suggestions["message_id"])), "answered questions lose their buttons"


def test_a_suggestion_turns_into_the_main_message(newcomer: Newcomer, game: Services) -> None:
    zoe = newcomer()
    suggestions = zoe.say("/start")
    zoe.press("Use zoe")
    zoe.reads("Your clicks", suggestions["message_id"])
    assert zoe.answers()[-1]["message_id"] == suggestions["message_id"], "the reply field is put away"
    assert username_of(game, zoe) == f"zoe_{zoe.user}"
    again = zoe.press_data(f"use:zoe_{zoe.user}", suggestions)
    assert again["text"] == f"You are zoe_{zoe.user}.", "a double tap is no old button"


def test_another_idea_changes_the_suggestions_in_place(newcomer: Newcomer) -> None:
    zoe = newcomer()
    first = zoe.say("/start")
    refused = zoe.say("no way")
    assert button(refused, f"Use zoe_{zoe.user}"), "a refusal takes no suggestion away"
    zoe.press("Another idea")
    changed = eventually(lambda: labels(zoe.last()) != labels(refused) and zoe.last())
    assert changed["message_id"] > first["message_id"]
    assert not {text for text in labels(changed) if text.startswith("Use")} & set(labels(refused))


@pytest.mark.parametrize(
    ("typed", "explained"),
    [
        ("ab", "at least 3"),
        ("a" * 33, "at most 32"),
        ("böse", "Latin letters"),
        ("two words", "Latin letters"),
        ("1alice", "Begin with a letter"),
        ("admin", "reserved"),
    ],
)
def test_every_broken_rule_is_explained_and_asked_again(
    newcomer: Newcomer, typed: str, explained: str
) -> None:
    zoe = newcomer()
    zoe.say("/start")
    asked_again = zoe.say(typed)
    assert explained in asked_again["text"]
    assert button(asked_again, "Use ")


def test_a_taken_username_brings_new_suggestions(newcomer: Newcomer, alice: Chat, game: Services) -> None:
    zoe = newcomer(username=f"alice_{alice.user}", first_name="Алиса")
    suggestions = zoe.say("/start")
    assert f"Use alice_{alice.user}" not in labels(suggestions)
    asked_again = zoe.say(f"ALICE_{alice.user}")
    assert "Someone else has that username" in asked_again["text"]
    assert button(asked_again, "Use alisa")
    taken_later = zoe.press_data(f"use:alice_{alice.user}", asked_again)
    assert taken_later["answered"]
    zoe.reads("Someone else has that username")
    assert not username_of(game, zoe)


@pytest.mark.parametrize("way_out", ["/cancel", "Surprise me"])
def test_nobody_is_stuck_at_the_question(newcomer: Newcomer, game: Services, way_out: str) -> None:
    zoe = newcomer()
    zoe.say("/start")
    zoe.press(way_out) if way_out == "Surprise me" else zoe.say(way_out)
    given = eventually(lambda: username_of(game, zoe))
    welcome = zoe.reads(f"No problem: you are {given}")
    assert button(welcome, "Play")


def test_a_sticker_is_told_what_is_expected(newcomer: Newcomer) -> None:
    zoe = newcomer()
    zoe.say("/start")
    answer = zoe.say(sticker=True)
    assert "made of letters" in answer["text"]
    assert button(answer, "Use ")


@pytest.mark.parametrize(
    "first_words", ["hello?", "/top", "/me", "/play", "/name bob", "/cancel", "/nonsense"]
)
def test_whatever_comes_first_leads_to_the_question(newcomer: Newcomer, first_words: str) -> None:
    zoe = newcomer()
    assert button(zoe.say(first_words), "Use zoe")


def test_help_and_privacy_are_answered_before_a_username(newcomer: Newcomer) -> None:
    zoe = newcomer()
    assert "Everyone taps one button" in zoe.say("/help")["text"]
    privacy = zoe.say("/privacy")
    assert "What we keep" in privacy["text"]
    assert button(privacy, "Use zoe")
    assert "First choose a username" in zoe.say("/top")["text"]


def test_a_username_from_the_mini_app_ends_the_question(newcomer: Newcomer, game: Services) -> None:
    zoe = newcomer()
    zoe.say("/start")
    game.players.choose_username(zoe.user, f"inapp_{zoe.user}")
    assert f"Welcome, inapp_{zoe.user}!" in zoe.say("and now?")["text"]


def test_a_button_of_somebody_unknown_asks_for_the_username(newcomer: Newcomer) -> None:
    zoe = newcomer()
    suggestions = zoe.say("/start")
    zoe.press_data("show:me:0", suggestions)
    assert button(zoe.answer_to(suggestions["message_id"]), "Use ")
    stale = zoe.press_data("forget", suggestions)
    assert "older message" in stale["text"]


def test_a_russian_newcomer_is_asked_as_well(newcomer: Newcomer) -> None:
    zoe = newcomer(language_code="ru", first_name="Зоя")
    zoe.say("/start")
    assert "Зоя" in zoe.last()["text"]
    assert f"zoya_{zoe.user}" in zoe.say(f"zoya_{zoe.user}")["text"]
