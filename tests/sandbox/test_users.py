"""Acting as a user, and what a user sees."""

import json
from urllib.parse import parse_qs, urlsplit

import init_data_py
import pytest
import requests
from aiogram.types import Message

from clicker.settings import SANDBOX_TOKEN


def test_any_id_is_a_user(sandbox, stranger):
    view = sandbox.chat(stranger)
    assert view["user"]["first_name"] == f"Player {stranger}"
    assert (view["messages"], view["started"]) == ([], False)


def test_the_bot_finds_nobody_who_did_not_write_first(sandbox, stranger):
    sandbox.chat(stranger)
    assert sandbox.error("sendMessage", chat_id=stranger, text="x")[1] == "Bad Request: chat not found"


def test_the_chat_shows_both_sides_edits_and_keyboards(sandbox, alice):
    keyboard = {"inline_keyboard": [[{"text": "Refresh", "callback_data": "r"}]]}
    sent = sandbox.result("sendMessage", chat_id=alice, text="1", reply_markup=keyboard)["message_id"]
    sandbox.result("editMessageText", chat_id=alice, message_id=sent, text="2", reply_markup=keyboard)
    start, shown = [Message.model_validate(message) for message in sandbox.chat(alice)["messages"]]
    assert (start.text, start.from_user.id) == ("/start", alice)
    assert (shown.text, shown.message_id, shown.from_user.is_bot) == ("2", sent, True)
    assert shown.reply_markup.inline_keyboard[0][0].text == "Refresh"


def test_a_reply_keyboard_stays_until_it_is_removed(sandbox, alice):
    keyboard = {"keyboard": [[{"text": "Play"}]], "resize_keyboard": True}
    sandbox.result("sendMessage", chat_id=alice, text="1", reply_markup=keyboard)
    sandbox.result("sendMessage", chat_id=alice, text="2")
    assert sandbox.chat(alice)["keyboard"] == keyboard
    sandbox.result("sendMessage", chat_id=alice, text="3", reply_markup={"remove_keyboard": True})
    assert sandbox.chat(alice)["keyboard"] is None


def test_a_forced_reply_is_shown_and_answered(sandbox, alice):
    force = {"force_reply": True, "input_field_placeholder": "name"}
    asked = sandbox.result("sendMessage", chat_id=alice, text="?", reply_markup=force)["message_id"]
    assert sandbox.chat(alice)["force_reply"]["message_id"] == asked
    sandbox.act(alice, "messages", text="alice", reply_to=asked)
    assert sandbox.chat(alice)["force_reply"] is None
    (update,) = sandbox.updates()
    assert update["message"]["reply_to_message"]["message_id"] == asked


def test_a_pressed_button_reaches_the_bot_and_its_answer_the_user(sandbox, alice):
    keyboard = {"inline_keyboard": [[{"text": "Refresh", "callback_data": "r"}]]}
    sent = sandbox.result("sendMessage", chat_id=alice, text="1", reply_markup=keyboard)["message_id"]
    asked = sandbox.act(alice, "callbacks", message_id=sent, data="r")
    (update,) = sandbox.updates()
    assert update["callback_query"]["data"] == "r"
    assert update["callback_query"]["message"]["message_id"] == sent
    assert sandbox.chat(alice)["callbacks"][-1]["answered"] is False
    sandbox.result(
        "answerCallbackQuery", callback_query_id=asked["callback_query_id"], text="Done", show_alert=True
    )
    shown = sandbox.chat(alice)["callbacks"][-1]
    assert (shown["id"], shown["text"], shown["show_alert"]) == (asked["callback_query_id"], "Done", True)


def test_a_chosen_inline_result_lands_in_the_chat(sandbox, alice):
    query = sandbox.act(alice, "inline", query="me")["inline_query_id"]
    result = {
        "type": "article",
        "id": "7",
        "title": "Me",
        "input_message_content": {"message_text": "5 clicks"},
    }
    sandbox.result("answerInlineQuery", inline_query_id=query, results=[result])
    sandbox.updates()
    sandbox.act(alice, "choices", query_id=query, result_id="7")
    last = sandbox.chat(alice)["messages"][-1]
    assert (last["text"], last["from"]["id"], last["via_bot"]["is_bot"]) == ("5 clicks", alice, True)
    assert sandbox.updates()[0]["chosen_inline_result"]["result_id"] == "7"


def test_in_a_group_the_bot_hears_commands_replies_and_its_name_only(sandbox, alice):
    group = -1_000_000_000_000 - alice
    for text in ("hello all", "/top", "@clicker_sandbox_bot who leads?"):
        sandbox.act(alice, "messages", text=text, chat_id=group)
    board = sandbox.result("sendMessage", chat_id=group, text="board")
    sandbox.act(alice, "messages", text="nice", chat_id=group, reply_to=board["message_id"])
    heard = [update["message"]["text"] for update in sandbox.updates("message")]
    assert heard == ["/top", "@clicker_sandbox_bot who leads?", "nice"]
    assert board["chat"]["type"] == "supergroup"
    seen = sandbox.get(f"users/{alice}/chat", chat_id=group)["messages"]
    assert seen[0]["text"] == "hello all"


def test_a_user_can_change_language_and_names(sandbox, alice):
    url = f"{sandbox.url}/sandbox/users/{alice}"
    changed = requests.patch(url, json={"language_code": "ru", "first_name": "Алиса", "username": "alisa"})
    assert changed.json()["username"] == "alisa"
    sandbox.act(alice, "messages", text="x")
    sender = sandbox.updates()[0]["message"]["from"]
    assert (sender["language_code"], sender["first_name"], sender["username"]) == ("ru", "Алиса", "alisa")


def test_commands_follow_scope_and_language(sandbox, alice, stranger):
    def command(name):
        return [{"command": name, "description": name}]

    sandbox.result("setMyCommands", commands=command("plain"))
    sandbox.result("setMyCommands", commands=command("russian"), language_code="ru")
    sandbox.result("setMyCommands", commands=command("group"), scope={"type": "all_group_chats"})
    sandbox.result("setMyCommands", commands=command("hers"), scope={"type": "chat", "chat_id": alice})
    assert sandbox.chat(alice)["commands"] == command("hers")
    assert sandbox.chat(1002)["commands"] == command("plain")
    assert sandbox.chat(1003)["commands"] == command("russian")  # Charlie's Telegram speaks Russian
    assert sandbox.get(f"users/{alice}/chat", chat_id=-5)["commands"] == command("group")
    sandbox.result("deleteMyCommands", scope={"type": "chat", "chat_id": alice})
    assert sandbox.chat(alice)["commands"] == command("plain")


def test_the_menu_button_is_the_chats_own_or_the_default(sandbox, alice):
    play = {"type": "web_app", "text": "Play", "web_app": {"url": "https://example.org/"}}
    sandbox.result("setChatMenuButton", menu_button=play)
    sandbox.result("setChatMenuButton", chat_id=alice, menu_button={"type": "commands"})
    assert sandbox.chat(alice)["menu_button"] == {"type": "commands"}
    assert sandbox.chat(1002)["menu_button"] == play


def test_init_data_is_signed_as_telegram_signs_it(sandbox, alice):
    opened = sandbox.get(f"users/{alice}/init-data", start_param="friend_42")
    data = init_data_py.parse(opened["init_data"])
    init_data_py.validate_by_hash(data, SANDBOX_TOKEN)
    assert (data.user.id, data.user.language_code, data.start_param) == (alice, "en", "friend_42")
    assert data.signature
    forged = init_data_py.parse(opened["init_data"].replace(str(alice), "1"))
    assert not init_data_py.is_valid_by_hash(forged, SANDBOX_TOKEN)


def test_the_mini_apps_address_carries_init_data_version_and_theme(sandbox, alice):
    opened = sandbox.get(f"users/{alice}/init-data", theme="dark")
    parts = urlsplit(opened["url"])
    carried = {name: values[0] for name, values in parse_qs(parts.fragment).items()}
    assert opened["url"].startswith("http://127.0.0.1:8000/#")
    assert carried["tgWebAppData"] == opened["init_data"]
    assert (carried["tgWebAppVersion"], carried["tgWebAppPlatform"]) == ("9.1", "web")
    assert json.loads(carried["tgWebAppThemeParams"])["bg_color"].startswith("#")
    query_id = init_data_py.parse(opened["init_data"]).query_id
    result = {"type": "article", "id": "1", "title": "x", "input_message_content": {"message_text": "I play"}}
    assert sandbox.result("answerWebAppQuery", web_app_query_id=query_id, result=result)["inline_message_id"]
    assert sandbox.chat(alice)["messages"][-1]["text"] == "I play"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("5/messages", b"{"),
        ("5/messages", b"[]"),
        ("5/messages", b"\xff"),
        ("5/messages", b"{}"),
        ("5/messages", b'{"text": "  "}'),
        ("5/messages", b'{"text": 5}'),
        ("5/messages", b'{"text": "x", "chat_id": 6}'),
        ("5/messages", b'{"text": "x", "chat_id": "me"}'),
        ("0/messages", b'{"text": "x"}'),
        ("me/messages", b'{"text": "x"}'),
        ("99999999999999999999/messages", b'{"text": "x"}'),
        ("5/callbacks", b'{"message_id": 1}'),
        ("5/callbacks", b'{"message_id": 1, "data": ""}'),
        ("5/inline", b'{"query": 5}'),
    ],
)
def test_bad_input_from_a_script_is_a_400_with_a_sentence(sandbox, path, body):
    answer = requests.post(f"{sandbox.url}/sandbox/users/{path}", data=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_what_does_not_exist_is_a_404(sandbox, alice):
    url = f"{sandbox.url}/sandbox/users/{alice}"
    for path, body in [
        ("callbacks", {"message_id": 999_999, "data": "x"}),
        ("messages", {"text": "x", "reply_to": 999_999}),
        ("choices", {"query_id": "1", "result_id": "1"}),
    ]:
        assert requests.post(f"{url}/{path}", json=body).status_code == 404
    assert requests.get(f"{sandbox.url}/nowhere").json() == {"error": "Not Found"}


def test_who_blocked_the_bot_can_not_write_to_it(sandbox, alice):
    sandbox.act(alice, "block")
    answer = requests.post(f"{sandbox.url}/sandbox/users/{alice}/messages", json={"text": "x"})
    assert (answer.status_code, answer.json()["error"]) == (
        409,
        "this user blocked the bot: unblock it first",
    )


def test_bad_changes_of_a_user_are_refused(sandbox, alice):
    url = f"{sandbox.url}/sandbox/users/{alice}"
    for body in ({"language_code": "русский"}, {"username": "a b"}, {"first_name": ""}, {"is_bot": True}):
        assert requests.patch(url, json=body).status_code == 400
    for query in ({"start_param": "a b"}, {"theme": "pink"}, {"url": "http://example.org/"}):
        assert requests.get(f"{url}/init-data", params=query).status_code == 400


def test_a_chat_keeps_its_newest_200_messages(sandbox, alice):
    for number in range(205):
        sandbox.act(alice, "messages", text=str(number))
    messages = sandbox.chat(alice)["messages"]
    assert (len(messages), messages[0]["text"], messages[-1]["text"]) == (200, "5", "204")
