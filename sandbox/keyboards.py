"""Reply markups: which are right, and what Telegram says of those that are not.

Order and words of the checks follow the Bot API server's get_reply_markup and get_inline_keyboard_button.
"""

from collections.abc import Callable
from typing import Any

from sandbox.buttons import check_inline_button, check_keyboard_button
from sandbox.errors import bad_request
from sandbox.parameters import Parameters
from sandbox.state import Json

PLACEHOLDER_CHARACTERS = 64
BUTTONS = 100


def read_markup(parameters: Parameters, chat_id: int) -> Json | None:
    """The call's reply_markup, checked for the chat; None if there is none. Raises ApiError 400."""
    value = parameters.structure("reply_markup", "reply keyboard markup")
    return None if value is None else check_markup(value, chat_id)


def check_markup(value: Any, chat_id: int) -> Json | None:
    """A reply markup of any kind; None if it says nothing. Raises ApiError 400."""
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    _check_placeholder(value)
    if value.get("keyboard"):
        _check_rows(value["keyboard"], 'Field "keyboard"', check_keyboard_button)
        return value
    if value.get("inline_keyboard"):
        _check_rows(
            value["inline_keyboard"],
            'Field "inline_keyboard" of the InlineKeyboardMarkup',
            lambda button: check_inline_button(button, chat_id),
        )
        asks = {"force_reply": True} if value.get("force_reply") is True else {}
        return {"inline_keyboard": value["inline_keyboard"]} | asks
    return value if value.get("remove_keyboard") or value.get("force_reply") else None


def _check_placeholder(value: Json) -> None:
    placeholder = value.get("input_field_placeholder", "")
    if not isinstance(placeholder, str):
        raise bad_request('Field "input_field_placeholder" must be of type String')
    if len(placeholder) > PLACEHOLDER_CHARACTERS:
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")


def _check_rows(rows: Any, where: str, check: Callable[[Any], None]) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"{where} must be an Array of Arrays")
    if sum(len(row) for row in rows) > BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            check(button)
