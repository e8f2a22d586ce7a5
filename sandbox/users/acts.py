"""What a user does: writes, presses a button, asks inline, blocks. Each act becomes an update for the bot."""

import secrets
from typing import Any

from sandbox.errors import UserError
from sandbox.messages import compose, quoted, user_message, wire
from sandbox.parts import Parts
from sandbox.state import CALLBACKS_KEPT, Chat, Json
from sandbox.texts import LONGEST, detected

CALLBACK_DATA_BYTES = 64
_STICKER = {
    "file_id": "sandbox-sticker",
    "file_unique_id": "sandbox-sticker",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "emoji": "🐣",
}


def write(parts: Parts, user_id: int, body: Json) -> Json:
    """Sends a text or a sticker. Returns the message and the update_id."""
    content = _content(body)
    chat = _chat(parts, user_id, body)
    if "reply_to" in body:
        content["reply_to_message"] = quoted(user_message(chat, body["reply_to"]))
    chat.unread = 0
    message = compose(parts, chat, parts.state.user(user_id).json(), content)
    if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
        chat.keyboard = None
    reaches = chat.id > 0 or _reaches_bot(parts, message)
    update_id = parts.push("message", wire(message)) if reaches else None
    return {"message_id": message["message_id"], "update_id": update_id, "message": wire(message)}


def press(parts: Parts, user_id: int, body: Json) -> Json:
    """Presses an inline button, also one that is gone meanwhile. Returns the callback query's id."""
    data = body.get("data")
    if not isinstance(data, str) or not 1 <= len(data.encode(errors="replace")) <= CALLBACK_DATA_BYTES:
        raise UserError("data must be a text of 1 to 64 bytes")
    chat = _chat(parts, user_id, body)
    message = user_message(chat, body.get("message_id"))
    record = _record("callback", user_id, chat, parts) | {"message_id": message["message_id"], "data": data}
    _remember(chat.callbacks, record)
    parts.queries.put(record["id"], record)
    parts.state.touch(chat.id)
    query = {"id": record["id"], "from": parts.state.user(user_id).json(), "message": wire(message)}
    update_id = parts.push("callback_query", query | {"chat_instance": str(chat.id), "data": data})
    return {"callback_query_id": record["id"], "update_id": update_id}


def ask_inline(parts: Parts, user_id: int, body: Json) -> Json:
    """Types `@bot query` somewhere. Returns the inline query's id; the chat shows what the bot offers."""
    query = body.get("query", "")
    if not isinstance(query, str) or len(query) > 256:
        raise UserError("query must be a text of at most 256 characters")
    chat = parts.state.chat(user_id)
    record = _record("inline", user_id, chat, parts) | {"query": query}
    _remember(chat.inline_queries, record)
    parts.queries.put(record["id"], record)
    offset = str(body.get("offset", ""))
    payload = {"id": record["id"], "from": parts.state.user(user_id).json(), "query": query, "offset": offset}
    update_id = parts.push("inline_query", payload | {"chat_type": "sender"})
    return {"inline_query_id": record["id"], "update_id": update_id}


def choose(parts: Parts, user_id: int, body: Json) -> Json:
    """Sends an offered inline result, or a prepared message, into the user's own chat."""
    chat = _chat(parts, user_id, {})
    if "prepared_id" in body:
        record = parts.queries.waiting.get(str(body["prepared_id"]))
        if not record or record["kind"] != "prepared" or record["user_id"] != user_id:
            raise UserError("there is no such prepared message", 404)
        return _send_result(parts, user_id, chat, record["result"])
    query = next((q for q in chat.inline_queries if q["id"] == body.get("query_id")), {})
    result = next((r for r in query.get("results", []) if r["id"] == body.get("result_id")), None)
    if result is None:
        raise UserError("the bot offered no such result", 404)
    chosen = {"result_id": result["id"], "from": parts.state.user(user_id).json(), "query": query["query"]}
    parts.push("chosen_inline_result", chosen)
    return _send_result(parts, user_id, chat, result)


def block(parts: Parts, user_id: int, blocked: bool) -> Json:
    """Blocks or unblocks the bot; the bot hears of it if that changed anything."""
    chat = parts.state.chat(user_id)
    if chat.blocked != blocked:
        chat.blocked = blocked
        _tell_membership(parts, user_id, chat, was_in=blocked)
        parts.changed(chat.id)
    return {"blocked": blocked}


def _send_result(parts: Parts, user_id: int, chat: Chat, result: Json) -> Json:
    content: Json = {"text": result["message_text"] or result.get("title", ""), "via_bot": parts.bot_user()}
    if result.get("reply_markup"):
        content["reply_markup"] = result["reply_markup"]
    message = compose(parts, chat, parts.state.user(user_id).json(), content)
    return {"message_id": message["message_id"], "message": wire(message)}


def _content(body: Json) -> Json:
    if body.get("sticker") is True:
        return {"sticker": dict(_STICKER)}
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise UserError('either "text" or "sticker": true is expected')
    text = text.strip()
    if len(text) > LONGEST:
        raise UserError(f"text must have at most {LONGEST} characters")
    entities = detected(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def _chat(parts: Parts, user_id: int, body: Json) -> Chat:
    chat_id = body.get("chat_id", user_id)
    if not isinstance(chat_id, int) or isinstance(chat_id, bool) or not (chat_id < 0 or chat_id == user_id):
        raise UserError("chat_id must be a group's: a negative whole number")
    chat = parts.state.chat(chat_id)
    if chat.blocked:
        raise UserError("this user blocked the bot: unblock it first", 409)
    if chat_id < 0:
        _join(parts, user_id, chat)
    chat.open = True
    return chat


def _join(parts: Parts, user_id: int, chat: Chat) -> None:
    if not chat.open:
        chat.open = True
        _tell_membership(parts, user_id, chat, was_in=False)
    chat.members.add(user_id)


def _reaches_bot(parts: Parts, message: Json) -> bool:
    """Privacy mode: in groups a bot sees commands, its name and replies to itself."""
    replied = message.get("reply_to_message", {}).get("from", {}).get("id") == parts.bot_id
    text = message.get("text", "")
    return replied or text.startswith("/") or f"@{parts.bot_user()['username']}" in text


def _tell_membership(parts: Parts, user_id: int, chat: Chat, *, was_in: bool) -> None:
    def member(inside: bool) -> Json:
        outside = {"status": "kicked", "until_date": 0} if chat.id > 0 else {"status": "left"}
        return ({"status": "member"} if inside else outside) | {"user": parts.bot_user()}

    change: dict[str, Any] = {"chat": parts.state.chat_json(chat), "from": parts.state.user(user_id).json()}
    change |= {"old_chat_member": member(was_in), "new_chat_member": member(not was_in)}
    parts.push("my_chat_member", change | {"date": parts.now()})


def _record(kind: str, user_id: int, chat: Chat, parts: Parts) -> Json:
    record: Json = {"id": str(secrets.randbits(62)), "kind": kind, "user_id": user_id, "chat_id": chat.id}
    return record | {"asked": parts.clock(), "answered": False}


def _remember(records: list[Json], record: Json) -> None:
    records.append(record)
    del records[:-CALLBACKS_KEPT]
