"""Refusals, in Telegram's words."""

import pytest
import requests

from clicker.settings import SANDBOX_TOKEN

LONG = "x" * 4097


def keyboard(**button):
    return {"inline_keyboard": [[{"text": "b"} | button]]}


WRONG = {
    "no chat": ({"chat_id": None}, "chat_id is empty"),
    "unknown chat": ({"chat_id": 987_654_321}, "chat not found"),
    "channel by name": ({"chat_id": "@nobody"}, "chat not found"),
    "no text": ({"text": None}, "message text is empty"),
    "only spaces": ({"text": " \n "}, "message text is empty"),
    "too long": ({"text": LONG}, "message is too long"),
    "bad html": (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "other parse mode": ({"parse_mode": "BBCode"}, "unsupported parse_mode"),
    "unknown parameter": ({"txet": "x"}, 'unknown parameter "txet" of sendMessage'),
    "no reply target": ({"reply_parameters": {"message_id": 999_999}}, "message to be replied not found"),
    "markup no json": ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    "markup no object": ({"reply_markup": [1]}, "object expected as reply markup"),
    "rows": (
        {"reply_markup": {"inline_keyboard": [1]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    "button without kind": (
        {"reply_markup": keyboard()},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "button without text": (
        {"reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    "data of 65 bytes": ({"reply_markup": keyboard(callback_data="ж" * 32 + "x")}, "BUTTON_DATA_INVALID"),
    "copy of 257": ({"reply_markup": keyboard(copy_text={"text": "x" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
    "style": (
        {"reply_markup": keyboard(callback_data="x", style="pink")},
        "can't parse inline keyboard button: invalid button style specified",
    ),
    "unknown kind": (
        {"reply_markup": keyboard(callbackdata="x")},
        'can\'t parse inline keyboard button: unknown field "callbackdata"',
    ),
    "web app without https": (
        {"reply_markup": keyboard(web_app={"url": "http://example.org/"})},
        "inline keyboard button Web App URL 'http://example.org/' is invalid: Only HTTPS links are allowed",
    ),
    "url": (
        {"reply_markup": keyboard(url="nowhere")},
        "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
    ),
    "placeholder of 65": (
        {"reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
        "REPLY_MARKUP_PLACEHOLDER_INVALID",
    ),
    "effect": ({"message_effect_id": "sparkles"}, "EFFECT_ID_INVALID"),
}


@pytest.mark.parametrize(("change", "description"), WRONG.values(), ids=WRONG)
def test_a_wrong_message_is_refused(sandbox, alice, change, description):
    parameters = {"chat_id": alice, "text": "x"} | change
    assert sandbox.error("sendMessage", **parameters) == (400, f"Bad Request: {description}")


RIGHT = {
    "4096 characters": {"text": "🎉" * 4096},
    "4096 after parsing": {"text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"},
    "data of 64 bytes": {"reply_markup": keyboard(callback_data="ж" * 32)},
    "copy of 256": {"reply_markup": keyboard(copy_text={"text": "x" * 256})},
    "placeholder of 64": {"reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 64}},
    "loopback app": {"reply_markup": keyboard(web_app={"url": "http://127.0.0.1:8000/"}, style="primary")},
    "secure app": {"reply_markup": keyboard(web_app={"url": "https://example.org/x"}, style="danger")},
    "share": {
        "reply_markup": keyboard(switch_inline_query_chosen_chat={"query": "x", "allow_user_chats": True})
    },
    "share here": {"reply_markup": keyboard(switch_inline_query_current_chat="")},
    "lenient reply": {"reply_parameters": {"message_id": 999_999, "allow_sending_without_reply": True}},
    "lone surrogate": {"text": "\ud800"},
}


@pytest.mark.parametrize("change", RIGHT.values(), ids=RIGHT)
def test_a_right_message_passes(sandbox, alice, change):
    assert sandbox.call("sendMessage", **{"chat_id": alice, "text": "x"} | change)["ok"]


def test_a_web_app_button_has_no_place_in_a_group(sandbox, alice):
    sandbox.act(alice, "messages", text="/top", chat_id=-77)
    markup = keyboard(web_app={"url": "https://example.org/"})
    refusal = sandbox.error("sendMessage", chat_id=-77, text="x", reply_markup=markup)
    assert refusal == (400, "Bad Request: BUTTON_TYPE_INVALID")


def test_a_wrong_token_and_an_unknown_method_are_told_apart(sandbox):
    wrong = requests.get(f"{sandbox.url}/bot1:x/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert sandbox.error("getMoney") == (404, "Not Found: method not found")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_broken_json_body_is_a_bad_request(sandbox, body):
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendMessage", data=body, headers=headers)
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_a_body_of_megabytes_is_refused_in_the_wire_format(sandbox):
    assert sandbox.error("sendMessage", chat_id=1, text="x" * 2_000_000)[0] == 413


def test_edits_that_can_not_be(sandbox, alice):
    sent = sandbox.result("sendMessage", chat_id=alice, text="one")["message_id"]
    asking = sandbox.result("sendMessage", chat_id=alice, text="?", reply_markup={"force_reply": True})
    dice = sandbox.result("sendDice", chat_id=alice)
    theirs = sandbox.act(alice, "messages", text="mine")

    def edit(message_id, text="two", **more):
        return sandbox.error("editMessageText", chat_id=alice, message_id=message_id, text=text, **more)[1]

    assert edit(sent, "one").startswith("Bad Request: message is not modified: specified new message content")
    assert edit(999_999) == "Bad Request: message to edit not found"
    assert edit(asking["message_id"]) == "Bad Request: message can't be edited"
    assert edit(theirs["message_id"]) == "Bad Request: message can't be edited"
    assert edit(dice["message_id"]) == "Bad Request: there is no text in the message to edit"
    assert edit(sent, reply_markup={"remove_keyboard": True}) == "Bad Request: inline keyboard expected"
    nowhere = sandbox.error("editMessageText", text="x")
    assert nowhere == (400, "Bad Request: message identifier is not specified")


def test_an_edit_without_a_keyboard_takes_the_keyboard_away(sandbox, alice):
    markup = keyboard(callback_data="x")
    sent = sandbox.result("sendMessage", chat_id=alice, text="one", reply_markup=markup)["message_id"]
    assert "reply_markup" not in sandbox.result("editMessageText", chat_id=alice, message_id=sent, text="one")
    again = sandbox.error("editMessageReplyMarkup", chat_id=alice, message_id=sent)
    assert again[1].startswith("Bad Request: message is not modified")


def test_what_is_deleted_is_gone(sandbox, alice):
    sent = sandbox.result("sendMessage", chat_id=alice, text="one")["message_id"]
    assert sandbox.result("deleteMessage", chat_id=alice, message_id=sent) is True
    again = sandbox.error("deleteMessage", chat_id=alice, message_id=sent)
    assert again == (400, "Bad Request: message to delete not found")


def test_who_blocked_the_bot_gets_nothing_until_it_is_unblocked(sandbox, alice):
    sent = sandbox.result("sendMessage", chat_id=alice, text="one")["message_id"]
    sandbox.act(alice, "block")
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert sandbox.error("sendMessage", chat_id=alice, text="x") == blocked
    assert sandbox.error("editMessageText", chat_id=alice, message_id=sent, text="x") == blocked
    assert sandbox.error("sendChatAction", chat_id=alice, action="typing") == blocked
    sandbox.act(alice, "unblock")
    assert sandbox.call("sendMessage", chat_id=alice, text="x")["ok"]


def test_a_query_is_answered_once_and_only_if_it_exists(sandbox, alice):
    message = sandbox.act(alice, "messages", text="x")["message_id"]
    query = sandbox.act(alice, "callbacks", message_id=message, data="d")["callback_query_id"]
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert sandbox.error("answerCallbackQuery", callback_query_id="12") == too_old
    assert sandbox.error("answerInlineQuery", inline_query_id="12", results=[]) == too_old
    assert (
        sandbox.error("answerWebAppQuery", web_app_query_id="12", result={"type": "photo", "id": "1"})
        == too_old
    )
    long = sandbox.error("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert long == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert sandbox.result("answerCallbackQuery", callback_query_id=query) is True
    assert sandbox.error("answerCallbackQuery", callback_query_id=query) == too_old


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("setMyCommands", {"commands": [{"command": "Top", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("setMyCommands", {"commands": 5}, "expected an Array of BotCommand"),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "all"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ("setMyCommands", {"commands": [], "language_code": "english"}, "LANGUAGE_CODE_INVALID"),
        (
            "setChatMenuButton",
            {"menu_button": {"type": "x"}},
            "can't parse menu button: MenuButton has unsupported type",
        ),
        (
            "setChatMenuButton",
            {"menu_button": {"type": "web_app", "text": "P", "web_app": {"url": "http://example.org"}}},
            "menu button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed",
        ),
        ("setMyDescription", {"description": "x" * 513}, "BOT_DESCRIPTION_INVALID"),
        ("sendChatAction", {"chat_id": 1, "action": "sing"}, "wrong parameter action in request"),
        ("getChat", {"chat_id": 123_123_123}, "chat not found"),
        ("getChatMember", {"chat_id": 1}, "invalid user_id specified"),
        (
            "setWebhook",
            {"url": "http://example.org"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            {"url": "https://example.org", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
        (
            "answerInlineQuery",
            {"inline_query_id": "1", "results": [{"type": "article", "id": "1"}]},
            "can't parse inline query result: Can't find field \"input_message_content\"",
        ),
        (
            "answerInlineQuery",
            {"inline_query_id": "1", "results": "x"},
            "can't parse inline query results JSON object",
        ),
    ],
)
def test_other_methods_refuse_what_telegram_refuses(sandbox, method, parameters, description):
    assert sandbox.error(method, **parameters) == (400, f"Bad Request: {description}")
