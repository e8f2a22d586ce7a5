"""What a person sees: the chat with its keyboards, and who the person is."""

import re
from typing import Any

from sandbox.api.profile import menu_button
from sandbox.errors import UserError
from sandbox.parts import BOT_USERNAME, Parts
from sandbox.scopes import commands_for
from sandbox.state import Chat, Json

CAST = {1001: ("Alice", "alice", "en"), 1002: ("Bob", "bob", "en"), 1003: ("Charlie", "charlie", "ru")}
HIGHEST_ID = 2**52 - 1  # core.telegram.org/bots/api#user: at most 52 significant bits
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_USERNAME = re.compile(r"([A-Za-z]\w{3,31})?", re.ASCII)


def introduce_cast(parts: Parts) -> None:
    """Names the chat page's test users, unless they already have other names."""
    for user_id, (first_name, username, language) in CAST.items():
        if user_id not in parts.state.users:
            user = parts.state.user(user_id)
            user.first_name, user.username, user.language_code = first_name, username, language


def chat_view(parts: Parts, user_id: int, chat_id: int) -> Json:
    """The chat as this user sees it; messages oldest first, with every kind of reply_markup."""
    user = parts.state.user(user_id)
    chat = parts.state.chats.get(chat_id) or Chat(chat_id)
    last = next(reversed(chat.messages.values()), None)
    return {
        "user": user.json(),
        "chat": parts.state.chat_json(chat),
        "messages": list(chat.messages.values()),
        "keyboard": chat.keyboard,
        "force_reply": last if last and last.get("reply_markup", {}).get("force_reply") else None,
        "menu_button": menu_button(parts, chat_id),
        "commands": commands_for(parts.state.profile, user, chat_id),
        "callbacks": chat.callbacks,
        "inline_queries": chat.inline_queries,
        "draft": chat.draft,
        "action": chat.action,
        "unread": chat.unread,
        "blocked": chat.blocked,
        "started": chat.open,
    }


def bot_view(parts: Parts, language: str = "") -> Json:
    """What the chat page shows of the bot, and whom it plays."""
    texts, chats = parts.state.profile.texts, parts.state.chats

    def text(kind: str) -> str:
        return texts.get((kind, language)) or texts.get((kind, ""), "")

    return {
        "name": text("name") or parts.bot_user()["first_name"],
        "username": BOT_USERNAME,
        "description": text("description"),
        "short_description": text("short_description"),
        "play_url": parts.play_url,
        "users": [parts.state.user(user_id).json() for user_id in CAST],
        "unread": {user_id: chats[user_id].unread for user_id in CAST if user_id in chats},
    }


def change_user(parts: Parts, user_id: int, body: dict[str, Any]) -> Json:
    """Changes first_name, username (empty for none) and language_code. Raises UserError."""
    unknown = set(body) - {"first_name", "username", "language_code"}
    if unknown:
        raise UserError(f"a user has no {', '.join(sorted(unknown))}")
    values = {name: "" if value is None else value for name, value in body.items()}
    for name, value in values.items():
        _check_field(name, value)
    user = parts.state.user(user_id)
    for name, value in values.items():
        setattr(user, name, value)
    parts.state.touch_user(user_id)
    parts.live.tell(user_id)
    return user.json()


def _check_field(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise UserError(f"{name} must be a text")
    if name == "first_name" and not 1 <= len(value) <= 64:
        raise UserError("first_name must have 1 to 64 characters")
    if name == "username" and not _USERNAME.fullmatch(value):
        raise UserError("username must have 4 to 32 letters, digits and underscores, a letter first")
    if name == "language_code" and not _LANGUAGE.fullmatch(value):
        raise UserError("language_code must be an IETF language tag such as ru or pt-BR")
