"""For whom a list of commands is meant, and which list a user sees."""

from typing import Any

from sandbox.errors import bad_request
from sandbox.parameters import Parameters
from sandbox.state import Json, Profile, User

_SIMPLE = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_OF_CHAT = ("chat", "chat_administrators", "chat_member")


def scope_key(parameters: Parameters) -> str:
    """The call's scope as one text, such as `chat:42`. Raises ApiError 400."""
    scope = parameters.structure("scope", "BotCommandScope")
    if scope is None:
        return "default"
    if not isinstance(scope, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind in _SIMPLE:
        return kind
    if kind not in _OF_CHAT:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    return _of_chat(kind, scope)


def _of_chat(kind: str, scope: dict[str, Any]) -> str:
    if not scope.get("chat_id"):
        raise bad_request("Can't parse BotCommandScope: Can't find field \"chat_id\"")
    if kind != "chat_member":
        return f"{kind}:{scope['chat_id']}"
    if not isinstance(scope.get("user_id"), int) or scope["user_id"] <= 0:
        raise bad_request("Can't parse BotCommandScope: Invalid user_id specified")
    return f"{kind}:{scope['chat_id']}:{scope['user_id']}"


def commands_for(profile: Profile, user: User, chat_id: int) -> list[Json]:
    """The commands this user is offered; core.telegram.org/bots/api#determining-list-of-commands."""
    scopes = [f"chat:{chat_id}", "all_private_chats", "default"]
    if chat_id < 0:
        scopes = [f"chat_member:{chat_id}:{user.id}", f"chat:{chat_id}", "all_group_chats", "default"]
    for scope in scopes:
        for language in (user.language_code[:2], ""):
            if commands := profile.commands.get((scope, language)):
                return commands
    return []
