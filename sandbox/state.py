"""What the local Telegram remembers: people, chats, messages and the bot's own profile.

Everything is found by id in constant time, and each chat keeps its newest messages only, so that thousands
of chats cost no more than their memory. `changed` names what has to be saved again.
"""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
HISTORY = 200  # messages kept per chat
CALLBACKS_KEPT = 20  # button presses shown per chat, with what the bot answered
SUPERGROUPS_BELOW = -1_000_000_000_000  # core.telegram.org/api/bots/ids


@dataclass
class User:
    """A person. Any id is one."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = "en"

    def json(self) -> Json:
        """Telegram's User object."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        return user | {"language_code": self.language_code}


@dataclass
class Chat:
    """A private chat (its id is the user's) or a group (a negative id)."""

    id: int
    title: str = ""
    open: bool = False  # the user wrote first: before that the bot can't find the chat
    blocked: bool = False
    members: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    keyboard: Json | None = None  # the reply keyboard that is shown now
    unread: int = 0
    draft: str = ""
    action: str = ""
    callbacks: list[Json] = field(default_factory=list)
    inline_queries: list[Json] = field(default_factory=list)

    @property
    def type(self) -> str:
        if self.id > 0:
            return "private"
        return "supergroup" if self.id < SUPERGROUPS_BELOW else "group"

    def keep(self, message: Json) -> None:
        """Adds a message and lets the oldest go."""
        self.messages[message["message_id"]] = message
        if len(self.messages) > HISTORY:
            del self.messages[next(iter(self.messages))]


@dataclass
class Profile:
    """What the bot said about itself. Commands by (scope, language), texts by (kind, language)."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)  # 0 is the default for all
    texts: dict[tuple[str, str], str] = field(default_factory=dict)


class State:
    """All of it. `changed`: ("user", id) and ("chat", id) since the last save; `dirty`: the rest."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.profile = Profile()
        self.changed: set[tuple[str, int]] = set()
        self.dirty = False
        self.last_message_id = 0
        self.last_update_id = 100_000_000

    def next_message_id(self) -> int:
        """One row of numbers for all chats, as an account's private chats have in Telegram."""
        self.last_message_id += 1
        self.dirty = True
        return self.last_message_id

    def next_update_id(self) -> int:
        self.last_update_id += 1
        self.dirty = True
        return self.last_update_id

    def user(self, user_id: int) -> User:
        """The person with this id, made up on the spot if new."""
        if user_id not in self.users:
            self.users[user_id] = User(user_id, f"Player {user_id}")
            self.touch_user(user_id)
        return self.users[user_id]

    def chat(self, chat_id: int) -> Chat:
        """The chat with this id, made on the spot if new."""
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(chat_id, title="" if chat_id > 0 else f"Group {-chat_id}")
            self.touch(chat_id)
        return self.chats[chat_id]

    def touch(self, chat_id: int) -> None:
        self.changed.add(("chat", chat_id))

    def touch_user(self, user_id: int) -> None:
        self.changed.add(("user", user_id))

    def chat_json(self, chat: Chat) -> Json:
        """Telegram's Chat object."""
        if chat.id < 0:
            return {"id": chat.id, "type": chat.type, "title": chat.title}
        user = self.user(chat.id)
        name = {"username": user.username} if user.username else {}
        return {"id": chat.id, "type": "private", "first_name": user.first_name} | name
