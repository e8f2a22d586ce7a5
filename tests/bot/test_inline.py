"""Inline mode, invitations, and the sandbox's limits in groups."""

from typing import Any

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer, button
from tests.bot.test_main import tap
from tests.waiting import eventually


def offered(chat: Chat) -> dict[str, Any]:
    """What the bot offers for `@bot`, typed anywhere."""
    query = chat._http.post(f"{chat._url}/inline", json={"query": ""}).json()["inline_query_id"]
    return eventually(
        lambda: next((q for q in chat.view()["inline_queries"] if q["id"] == query and q["answered"]), None)
    )


def test_the_score_card_shows_the_present_score_and_leads_to_the_game(alice: Chat, game: Services) -> None:
    tap(game, alice, 55)
    answer = offered(alice)
    [card] = answer["results"]
    assert answer["cache_time"] <= 10
    assert card["description"].startswith("55 clicks, rank ")
    assert f"alice_{alice.user} has 55 clicks" in card["message_text"]
    link = card["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link == f"https://t.me/clicker_sandbox_bot?start=ref_{alice.user}"


def test_somebody_without_a_username_is_led_to_one(newcomer: Newcomer) -> None:
    answer = offered(newcomer())
    assert answer["results"] == []
    assert answer["button"]["start_parameter"] == "inline"


def test_the_main_message_challenges_friends_and_hands_out_the_invite_link(alice: Chat) -> None:
    welcome = alice.last()
    assert button(welcome, "Challenge a friend")["switch_inline_query_chosen_chat"]["allow_user_chats"]
    copied = button(welcome, "Copy invite link")["copy_text"]["text"]
    assert copied == f"https://t.me/clicker_sandbox_bot?start=ref_{alice.user}"


def test_deletion_is_confirmed_by_telegrams_own_dialog(alice: Chat) -> None:
    pressed = alice.press("Yes, delete everything", alice.say("/delete"))
    assert pressed["show_alert"]
    assert "All your data is deleted" in pressed["text"]
