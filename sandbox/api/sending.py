"""Methods that put something new into a chat."""

import secrets

from sandbox.api.registry import method
from sandbox.errors import bad_request
from sandbox.keyboards import read_markup
from sandbox.messages import compose, find_message, quoted, show_keyboard, wire, writable_chat
from sandbox.parameters import Parameters
from sandbox.parts import Parts
from sandbox.state import Chat, Json
from sandbox.texts import LONGEST, formatted, read_text

# The highest value of each dice; core.telegram.org/bots/api#senddice
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
_ACTIONS = {
    "cancel", "typing", "record_video", "upload_video", "record_voice", "upload_voice", "upload_photo",
    "upload_document", "choose_sticker", "find_location", "pick_up_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
_COMMON = """chat_id business_connection_id message_thread_id direct_messages_topic_id disable_notification
    protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters
    reply_markup allow_sending_without_reply reply_to_message_id """


@method(
    "sendMessage",
    _COMMON
    + """text parse_mode entities link_preview_options disable_web_page_preview
    ephemeral_message_parameters receiver_user_id callback_query_id""",
)
def send_message(parts: Parts, parameters: Parameters) -> Json:
    text, entities = read_text(parameters)
    return _send(parts, parameters, {"text": text} | ({"entities": entities} if entities else {}))


@method("sendDice", _COMMON + "emoji")
def send_dice(parts: Parts, parameters: Parameters) -> Json:
    emoji = parameters.text("emoji") or "🎲"
    if emoji not in DICE:
        raise bad_request("emoji must be one of " + ", ".join(DICE))
    return _send(parts, parameters, {"dice": {"emoji": emoji, "value": secrets.randbelow(DICE[emoji]) + 1}})


@method(
    "sendMessageDraft",
    "chat_id message_thread_id draft_id text parse_mode entities can_stop keep_on_stop",
)
def send_message_draft(parts: Parts, parameters: Parameters) -> bool:
    """Streams a text into a private chat; it vanishes with the next message."""
    chat = writable_chat(parts, parameters.text("chat_id"))
    if chat.id < 0:
        raise bad_request("chat is not private")
    if not parameters.integer("draft_id"):
        raise bad_request("DRAFT_ID_INVALID")
    text, _ = formatted(parameters.text("text"), parameters.text("parse_mode"))
    if len(text) > LONGEST:
        raise bad_request("message is too long")
    chat.draft = text
    parts.changed(chat.id)
    return True


@method("sendChatAction", "chat_id action business_connection_id message_thread_id")
def send_chat_action(parts: Parts, parameters: Parameters) -> bool:
    action = parameters.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(parts, parameters.text("chat_id"))
    chat.action = "" if action == "cancel" else action
    parts.changed(chat.id)
    return True


def _send(parts: Parts, parameters: Parameters, content: Json) -> Json:
    chat_id = parameters.integer("chat_id")
    markup = read_markup(parameters, chat_id)
    if parameters.text("business_connection_id"):
        raise bad_request("business connection not found")
    chat = writable_chat(parts, parameters.text("chat_id"))
    content |= _reply(chat, parameters) | _effect(chat, parameters)
    if parameters.flag("protect_content"):
        content["has_protected_content"] = True
    parts.limits.charge(chat.id, edit=False)
    return _put(parts, chat, content | ({"reply_markup": markup} if markup else {}))


def _put(parts: Parts, chat: Chat, content: Json) -> Json:
    chat.draft = chat.action = ""
    chat.unread += 1
    show_keyboard(chat, content.get("reply_markup"))
    return wire(compose(parts, chat, parts.bot_user(), content))


def _reply(chat: Chat, parameters: Parameters) -> Json:
    given = parameters.structure("reply_parameters", "reply parameters") or {}
    if not isinstance(given, dict):
        raise bad_request("Object expected as reply parameters")
    message_id = given.get("message_id") or parameters.integer("reply_to_message_id")
    if not isinstance(message_id, int):
        raise bad_request('Field "message_id" must be a Number')
    if not message_id:
        return {}
    if given.get("allow_sending_without_reply") or parameters.flag("allow_sending_without_reply"):
        return {"reply_to_message": quoted(chat.messages[message_id])} if message_id in chat.messages else {}
    return {"reply_to_message": quoted(find_message(chat, message_id, "message to be replied"))}


def _effect(chat: Chat, parameters: Parameters) -> Json:
    effect = parameters.text("message_effect_id")
    if not effect:
        return {}
    if chat.id < 0 or not effect.isdigit():  # effects exist in private chats only
        raise bad_request("EFFECT_ID_INVALID")
    return {"effect_id": effect}
