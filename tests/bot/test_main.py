"""The main scene: numbers, screens, and an answer to everything."""

import pytest

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer, button, buttons
from tests.waiting import eventually


def tap(game: Services, chat: Chat, taps: int) -> None:
    """Plays in the Mini App."""
    opened = game.sessions.open(chat.init_data())
    game.taps.tap(game.sessions.claims(opened.token), taps, 1)


def test_start_again_goes_straight_to_the_main_message(alice: Chat) -> None:
    with alice.one_answer():
        welcome = alice.say("/start ref_42")
    assert "Your clicks: 0" in welcome["text"]
    assert "Top 20" in welcome["text"]


def test_refresh_shows_new_clicks_in_place_and_answers_the_press(alice: Chat, game: Services) -> None:
    welcome = alice.last()
    tap(game, alice, 87)
    pressed = alice.press("Refresh")
    assert pressed["text"].startswith("87 clicks, rank ")
    fresh = alice.reads("Your clicks: 87", welcome["message_id"])
    assert fresh["message_id"] == alice.last()["message_id"]
    row = f"alice_{alice.user} · 87 ← you"  # the board may be a tenth of a second older than my own numbers
    eventually(lambda: alice.press("Refresh") and row in alice.last()["text"])


def test_refresh_without_news_is_no_error(alice: Chat, game: Services) -> None:
    alice.say("/me")
    for _ in range(3):
        assert alice.press("Refresh")["text"] == "0 clicks"
    assert "Your clicks: 0" in alice.say("/start")["text"]


def test_the_screens_change_the_message_they_hang_under(alice: Chat) -> None:
    welcome = alice.last()
    alice.press("Settings")
    settings = alice.reads("Language", welcome["message_id"])
    assert button(settings, "Delete my data")["style"] == "danger"
    alice.press("Privacy")
    alice.reads("What we keep", welcome["message_id"])
    alice.press("Back")
    alice.reads("Top 20", welcome["message_id"])


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/play", "Tap it as often as you can"),
        ("/top", "Top 20"),
        ("/me", "Your rank"),
        ("/ME", "Your rank"),
        ("/settings", "Language"),
        ("/help", "How it works"),
        ("/privacy", "Who sees it"),
        ("/cancel", "nothing to cancel"),
        ("hello", "I understand taps best"),
        ("/nonsense", "I understand taps best"),
    ],
)
def test_every_message_has_an_answer_with_a_way_forward(alice: Chat, command: str, answer: str) -> None:
    with alice.one_answer():
        assert answer in alice.say(command)["text"]
    assert buttons(alice.last())


def test_a_sticker_has_an_answer(alice: Chat) -> None:
    assert "I understand taps best" in alice.say(sticker=True)["text"]


@pytest.mark.parametrize("data", ["from:an:older:version", "surprise", "idea", "use:somebody", "show:gone:0"])
def test_a_button_of_an_older_message_turns_it_into_a_fresh_one(alice: Chat, data: str) -> None:
    hint = alice.say("hello")
    assert "older message" in alice.press_data(data, hint)["text"]
    alice.reads("Your clicks", hint["message_id"])


def test_another_language_shows_with_the_next_message(alice: Chat) -> None:
    alice.introduce(language_code="ru")
    assert "Язык: русский" in alice.say("/settings")["text"]


def test_two_players_see_each_other(alice: Chat, newcomer: Newcomer, game: Services) -> None:
    bob = newcomer()
    bob.say("/start")
    bob.say(f"bob_{bob.user}")
    tap(game, alice, 700)
    tap(game, bob, 690)
    assert f"11 taps to overtake alice_{alice.user}" in bob.say("/me")["text"]
    assert f"bob_{bob.user} is 10 taps behind" in alice.say("/me")["text"]
    eventually(lambda: f"🥇 alice_{alice.user} · 700" in bob.say("/top")["text"])
