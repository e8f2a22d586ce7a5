"""Buttons: which are right, and what Telegram says of those that are not."""

from typing import Any

from sandbox.addresses import check_url, check_web_app_url
from sandbox.errors import bad_request
from sandbox.state import Json

CALLBACK_DATA_BYTES = 64
COPY_TEXT_CHARACTERS = 256
_STYLES = {"", "default", "primary", "success", "danger"}
_BUTTON_FIELDS = {
    "text", "icon_custom_emoji_id", "style", "url", "callback_data", "web_app", "login_url", "copy_text",
    "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat",
    "callback_game", "pay", "disabled",
}  # fmt: skip


def check_keyboard_button(button: Any) -> None:
    """A button of a reply keyboard. Raises ApiError 400."""
    if isinstance(button, str):
        return
    if not isinstance(button, dict):
        raise bad_request("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    _check_text(button, "Can't parse keyboard button")
    if "web_app" in button:
        url = _inner(button, "web_app", "url", "Can't parse keyboard button")
        check_web_app_url(url, "Keyboard button Web App")


def check_inline_button(button: Any, chat_id: int) -> None:
    """A button under a message in this chat. Raises ApiError 400."""
    what = "Can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{what}: InlineKeyboardButton must be an Object")
    _check_text(button, what)
    for name in button:
        if name not in _BUTTON_FIELDS:
            raise bad_request(f'{what}: unknown field "{name}"')
    if button.get("url"):
        check_url(_string(button, "url", what), "Inline keyboard button")
    elif button.get("callback_data"):
        if len(_string(button, "callback_data", what).encode()) > CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "web_app" in button:
        check_web_app_url(_inner(button, "web_app", "url", what), "Inline keyboard button Web App")
        if chat_id < 0:  # web_app buttons exist in private chats only
            raise bad_request("BUTTON_TYPE_INVALID")
    elif "copy_text" in button:
        if not 1 <= len(_inner(button, "copy_text", "text", what)) <= COPY_TEXT_CHARACTERS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    else:
        _check_rest(button, what)


def _check_rest(button: Json, what: str) -> None:
    if "switch_inline_query_chosen_chat" in button:
        if not isinstance(button["switch_inline_query_chosen_chat"], dict):
            raise bad_request(f'{what}: Field "switch_inline_query_chosen_chat" must be of type Object')
        return
    for name in ("switch_inline_query", "switch_inline_query_current_chat"):
        if name in button:
            _string(button, name, what)
            return
    if not any(name in button for name in ("pay", "login_url", "callback_game", "disabled")):
        raise bad_request(f"{what}: Text buttons are unallowed in the inline keyboard")


def _check_text(button: Json, what: str) -> None:
    if "text" not in button:
        raise bad_request(f'{what}: Can\'t find field "text"')
    if not _string(button, "text", what).strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    if not isinstance(button.get("style", ""), str) or button.get("style", "").lower() not in _STYLES:
        raise bad_request(f"{what}: invalid button style specified")


def _string(button: Json, name: str, what: str) -> str:
    if not isinstance(button[name], str):
        raise bad_request(f'{what}: Field "{name}" must be of type String')
    return button[name]


def _inner(button: Json, outer: str, name: str, what: str) -> str:
    value = button[outer]
    if not isinstance(value, dict):
        raise bad_request(f'{what}: Field "{outer}" must be of type Object')
    if name not in value:
        raise bad_request(f'{what}: Can\'t find field "{name}"')
    return _string(value, name, what)
