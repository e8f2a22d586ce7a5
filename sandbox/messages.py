"""Messages: made, found, changed, and shown as each side sees them."""

from sandbox.errors import UserError, bad_request, forbidden
from sandbox.parts import Parts
from sandbox.state import Chat, Json


def find_chat(parts: Parts, chat_id_text: str) -> Chat:
    """The chat that the bot may write to. Raises ApiError 400 `chat not found`."""
    if not chat_id_text:
        raise bad_request("chat_id is empty")
    try:
        chat = parts.state.chats.get(int(chat_id_text))
    except ValueError:
        chat = None
    if chat is None or not chat.open:
        raise bad_request("chat not found")
    return chat


def writable_chat(parts: Parts, chat_id_text: str) -> Chat:
    """As `find_chat`; raises ApiError 403 if the user blocked the bot."""
    chat = find_chat(parts, chat_id_text)
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def find_message(chat: Chat, message_id: int, purpose: str) -> Json:
    """A message of the chat. Raises ApiError 400 `{purpose} not found`."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"{purpose} not found")
    return message


def compose(parts: Parts, chat: Chat, sender: Json, content: Json) -> Json:
    """A new message in the chat, as the chat keeps it: with any kind of reply_markup."""
    message: Json = {"message_id": parts.state.next_message_id(), "from": sender}
    message |= {"chat": parts.state.chat_json(chat), "date": parts.now()} | content
    chat.keep(message)
    parts.changed(chat.id)
    return message


def wire(message: Json) -> Json:
    """The message as the Bot API shows it: without keyboards that are not inline."""
    shown = dict(message)
    if "inline_keyboard" not in shown.get("reply_markup", {"inline_keyboard": True}):
        del shown["reply_markup"]
    return shown


def quoted(message: Json) -> Json:
    """The message as another one replies to it: without what that one replied to itself."""
    shown = wire(message)
    shown.pop("reply_to_message", None)
    return shown


def show_keyboard(chat: Chat, markup: Json | None) -> None:
    """A reply keyboard stays until another or its removal comes; inline ones don't touch it."""
    if markup and "keyboard" in markup:
        chat.keyboard = markup
    elif markup and markup.get("remove_keyboard"):
        chat.keyboard = None


def user_message(chat: Chat, message_id: object) -> Json:
    """A message that a user points at. Raises UserError 404."""
    message = chat.messages.get(message_id) if isinstance(message_id, int) else None
    if message is None:
        raise UserError(f"message {message_id!r} is not in this chat", 404)
    return message
