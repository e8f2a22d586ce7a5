"""Methods that tell of chats and their members."""

from sandbox.api.registry import method
from sandbox.errors import bad_request
from sandbox.messages import find_chat
from sandbox.parameters import Parameters
from sandbox.parts import Parts
from sandbox.state import Json

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@method("getChat", "chat_id", calm=True)
def get_chat(parts: Parts, parameters: Parameters) -> Json:
    """Telegram's ChatFullInfo, with what it always holds."""
    chat = find_chat(parts, parameters.text("chat_id"))
    gifts = dict.fromkeys(_GIFTS, False)
    fixed = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return parts.state.chat_json(chat) | fixed


@method("getChatMember", "chat_id user_id", calm=True)
def get_chat_member(parts: Parts, parameters: Parameters) -> Json:
    user_id = parameters.integer("user_id")
    if user_id <= 0:
        raise bad_request("Invalid user_id specified")
    chat = find_chat(parts, parameters.text("chat_id"))
    if user_id == parts.bot_id:
        return {"status": "member", "user": parts.bot_user()}
    if user_id not in parts.state.users:
        raise bad_request("user not found")
    inside = user_id == chat.id or user_id in chat.members
    return {"status": "member" if inside else "left", "user": parts.state.users[user_id].json()}
