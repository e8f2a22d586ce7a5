"""Methods that answer what a user asked: a pressed button, an inline query, a Mini App."""

import secrets
from typing import Any

from sandbox.api.registry import method
from sandbox.errors import bad_request, query_too_old
from sandbox.messages import compose
from sandbox.parameters import Parameters
from sandbox.parts import Parts
from sandbox.state import Json
from sandbox.texts import formatted

CALLBACK_LIVES_S = 60  # about what clients wait before the button stops turning; Telegram gives no number
INLINE_LIVES_S = 10
WEB_APP_LIVES_S = 3600
PREPARED_LIVES_S = 3600
ANSWER_CHARACTERS = 200  # core.telegram.org/bots/api#answercallbackquery
INLINE_RESULTS = 50


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time", calm=True)
def answer_callback_query(parts: Parts, parameters: Parameters) -> bool:
    text = parameters.text("text")
    if len(text) > ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    record = _take(parts, parameters.text("callback_query_id"), "callback", CALLBACK_LIVES_S)
    record |= {"answered": True, "text": text, "show_alert": parameters.flag("show_alert")}
    record["url"] = parameters.text("url")
    parts.changed(record["chat_id"])
    return True


@method(
    "answerInlineQuery",
    "inline_query_id results cache_time is_personal next_offset button switch_pm_parameter switch_pm_text",
    calm=True,
)
def answer_inline_query(parts: Parts, parameters: Parameters) -> bool:
    results = parameters.structure("results", "inline query results")
    if not isinstance(results, list):
        raise bad_request("Expected an Array of inline query results")
    if len(results) > INLINE_RESULTS:
        raise bad_request("Too many inline query results specified")
    shown = [_result(result) for result in results]
    if len({result["id"] for result in shown}) < len(shown):
        raise bad_request("RESULT_ID_DUPLICATE")
    record = _take(parts, parameters.text("inline_query_id"), "inline", INLINE_LIVES_S)
    record |= {"answered": True, "results": shown, "cache_time": parameters.integer("cache_time", 300)}
    record["button"] = parameters.structure("button", "inline query results button")
    parts.changed(record["chat_id"])
    return True


@method("answerWebAppQuery", "web_app_query_id result")
def answer_web_app_query(parts: Parts, parameters: Parameters) -> Json:
    result = _result(parameters.structure("result", "inline query result"))
    record = _take(parts, parameters.text("web_app_query_id"), "web_app", WEB_APP_LIVES_S)
    chat = parts.state.chat(record["chat_id"])
    content = {"text": result["message_text"], "via_bot": parts.bot_user()}
    compose(parts, chat, parts.state.user(record["user_id"]).json(), content)
    return {"inline_message_id": secrets.token_urlsafe(16)}


@method(
    "savePreparedInlineMessage",
    "user_id result allow_user_chats allow_bot_chats allow_group_chats allow_channel_chats",
)
def save_prepared_inline_message(parts: Parts, parameters: Parameters) -> Json:
    user_id = parameters.integer("user_id")
    if user_id <= 0:
        raise bad_request("Invalid user_id specified")
    if user_id not in parts.state.users:
        raise bad_request("user not found")
    result = _result(parameters.structure("result", "inline query result"))
    prepared = secrets.token_urlsafe(16)
    record = {"kind": "prepared", "user_id": user_id, "chat_id": user_id, "asked": parts.clock()}
    parts.queries.put(prepared, record | {"result": result})
    return {"id": prepared, "expiration_date": parts.now() + PREPARED_LIVES_S}


def _take(parts: Parts, query_id: str, kind: str, lives_s: float) -> Json:
    record = parts.queries.take(query_id, parts.clock() - lives_s)
    if record is None or record["kind"] != kind:
        raise query_too_old()
    return record


def _result(result: Any) -> Json:
    if not isinstance(result, dict):
        raise bad_request("Inline query result must be an object")
    if not isinstance(result.get("type"), str):
        raise bad_request("Can't parse inline query result: Can't find field \"type\"")
    identifier = result.get("id")
    if not isinstance(identifier, str) or not 1 <= len(identifier.encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    return result | {"message_text": _sent_text(result)}


def _sent_text(result: Json) -> str:
    content = result.get("input_message_content")
    if result["type"] == "article" and not isinstance(content, dict):
        raise bad_request("Can't parse inline query result: Can't find field \"input_message_content\"")
    if not isinstance(content, dict):
        return ""
    source = content.get("message_text")
    if not isinstance(source, str) or not source:
        raise bad_request("Message text is empty")
    return formatted(source, str(content.get("parse_mode") or ""))[0]
