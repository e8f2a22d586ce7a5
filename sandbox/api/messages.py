"""Methods that change or remove messages."""

from sandbox.api.registry import method
from sandbox.errors import bad_request
from sandbox.keyboards import check_markup, read_markup
from sandbox.messages import find_message, wire, writable_chat
from sandbox.parameters import Parameters
from sandbox.parts import Parts
from sandbox.state import Chat, Json
from sandbox.texts import read_text

DELETABLE_FOR_S = 48 * 3600  # core.telegram.org/bots/api#deletemessage
_WHICH = "business_connection_id chat_id message_id inline_message_id "


@method(
    "editMessageText",
    _WHICH + "text parse_mode entities link_preview_options disable_web_page_preview reply_markup "
    "rich_message",
)
def edit_message_text(parts: Parts, parameters: Parameters) -> Json:
    text, entities = read_text(parameters)
    markup = read_markup(parameters, parameters.integer("chat_id"))
    chat, message = _editable(parts, parameters)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(parts, chat, message, {"text": text, "entities": entities or None, "reply_markup": markup})


@method("editMessageReplyMarkup", _WHICH + "reply_markup")
def edit_message_reply_markup(parts: Parts, parameters: Parameters) -> Json:
    chat_id = parameters.integer("chat_id")
    markup = parameters.structure("reply_markup", "reply keyboard markup")
    chat, message = _editable(parts, parameters)
    change = {"reply_markup": check_markup(markup, chat_id) if markup else None}
    return _change(parts, chat, message, change)


@method("deleteMessage", "chat_id message_id")
def delete_message(parts: Parts, parameters: Parameters) -> bool:
    chat = writable_chat(parts, parameters.text("chat_id"))
    message = find_message(chat, parameters.integer("message_id"), "message to delete")
    mine = message["from"]["id"] == parts.bot_id
    # In a group a bot without rights may only delete its own messages.
    if parts.now() - message["date"] > DELETABLE_FOR_S or not (mine or chat.id > 0):
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    parts.changed(chat.id)
    return True


def _editable(parts: Parts, parameters: Parameters) -> tuple[Chat, Json]:
    if not parameters.text("chat_id") and not parameters.integer("message_id"):
        inline_id = parameters.text("inline_message_id")
        raise bad_request("MESSAGE_ID_INVALID" if inline_id else "Message identifier is not specified")
    chat = writable_chat(parts, parameters.text("chat_id"))
    message = find_message(chat, parameters.integer("message_id"), "message to edit")
    markup = message.get("reply_markup", {"inline_keyboard": True})
    # A message that brought a reply keyboard or asked for a reply can't be edited, nor can other people's.
    if message["from"]["id"] != parts.bot_id or "inline_keyboard" not in markup:
        raise bad_request("message can't be edited")
    return chat, message


def _change(parts: Parts, chat: Chat, message: Json, change: Json) -> Json:
    markup = change["reply_markup"]
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    if markup and message.get("reply_markup", {}).get("force_reply"):
        markup["force_reply"] = True  # an edit can't change it
    parts.limits.charge(chat.id, edit=True)
    if all(message.get(key) == value for key, value in change.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    edited = message | change | {"edit_date": parts.now()}
    chat.messages[message["message_id"]] = {key: value for key, value in edited.items() if value is not None}
    parts.changed(chat.id)
    return wire(chat.messages[message["message_id"]])
