"""Another username, or none at all."""

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer, button
from tests.bot.test_main import tap


def test_rename_by_typing(alice: Chat, game: Services) -> None:
    assert button(alice.say("/name"), f"Keep alice_{alice.user}")
    assert "at least 3" in alice.say("x")["text"]
    renamed = alice.say(f"carol_{alice.user}")
    assert f"Done: you are carol_{alice.user} now." in renamed["text"]
    assert game.players.known(alice.user).username == f"carol_{alice.user}"


def test_rename_in_one_message(alice: Chat) -> None:
    assert f"you are dora_{alice.user} now" in alice.say(f"/name dora_{alice.user}")["text"]
    assert "Latin letters" in alice.say("/name été")["text"]


def test_cancel_keeps_the_username(alice: Chat) -> None:
    alice.say("/name")
    assert f"You stay alice_{alice.user}." in alice.say("/cancel")["text"]
    alice.say("/name")
    alice.press("Keep alice")
    alice.reads(f"You stay alice_{alice.user}.")


def test_a_command_ends_the_question_so_that_a_later_text_is_no_username(alice: Chat, game: Services) -> None:
    alice.say("/name")
    assert "Top 20" in alice.say("/top")["text"]
    assert "I understand taps best" in alice.say("something")["text"]
    assert game.players.known(alice.user).username == f"alice_{alice.user}"


def test_rename_from_the_settings_by_suggestion(alice: Chat) -> None:
    alice.say("/settings")
    alice.press("Change username")
    suggestions = alice.reads("What is your new username")
    suggested = button(suggestions, "Use zoe")["text"].removeprefix("Use ")
    alice.press("Use zoe")
    alice.reads(f"you are {suggested} now", suggestions["message_id"])


def test_a_sticker_is_no_username(alice: Chat) -> None:
    alice.say("/name")
    assert button(alice.say(sticker=True), "Keep")


def test_delete_asks_and_keep_keeps(alice: Chat, game: Services) -> None:
    question = alice.say("/delete")
    assert "can't be undone" in question["text"]
    assert button(question, "Yes, delete")["style"] == "danger"
    assert "two buttons" in alice.say("hm")["text"]
    assert "older message" in alice.press_data("idea", alice.last())["text"]
    alice.press("Keep my data")
    alice.reads("Your clicks")
    assert game.players.get(alice.user)


def test_delete_deletes_and_start_begins_anew(alice: Chat, game: Services) -> None:
    tap(game, alice, 55)
    before = game.leaderboard.refresh().global_clicks
    question = alice.say("/delete")
    assert "55" in question["text"]
    alice.press("Yes, delete everything")
    farewell = alice.reads("All your data is deleted", question["message_id"])
    assert game.players.get(alice.user) is None
    assert game.leaderboard.refresh().global_clicks == before
    assert not list(game.redis.scan_iter(f"fsm:*:{alice.user}:*data"))

    alice.press_data("forget", farewell)
    assert game.players.get(alice.user) is None, "a double tap makes no player"
    suggestions = alice.say("/start")
    assert button(suggestions, "Use zoe")
    assert "Your clicks: 0" in alice.say(f"anew_{alice.user}")["text"]


def test_start_anew_is_one_press(alice: Chat) -> None:
    alice.say("/delete")
    alice.press("Yes, delete everything")
    alice.reads("All your data is deleted")
    alice.press("Start anew")
    assert button(alice.reads("Hi Zoe"), "Use zoe")


def test_somebody_without_a_username_may_delete_too(newcomer: Newcomer, game: Services) -> None:
    zoe = newcomer()
    zoe.say("/start")
    zoe.say("/delete")
    zoe.press("Keep my data")
    zoe.reads("Hi Zoe")
    zoe.say("/delete")
    assert button(zoe.say("no, go on"), "Use zoe")
    zoe.say("/delete")
    zoe.press("Yes, delete everything")
    zoe.reads("All your data is deleted")
    assert game.players.get(zoe.user) is None


def test_a_main_button_leads_out_of_the_deletion(alice: Chat) -> None:
    welcome = alice.last()
    alice.say("/delete")
    alice.press_data("show:me:0", welcome)
    alice.reads("Your rank", welcome["message_id"])
    assert "I understand taps best" in alice.say("yes")["text"]
