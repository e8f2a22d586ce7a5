"""Opening the Mini App: initData, signed as Telegram signs it, and the address that carries it.

The fields and the signature are described in https://core.telegram.org/bots/webapps#webappinitdata.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from urllib.parse import quote

import init_data_py

from sandbox.addresses import check_web_app_url
from sandbox.errors import ApiError, UserError
from sandbox.parts import Parts
from sandbox.state import Json
from sandbox.users.themes import THEMES

VERSION = "9.1"
_START_PARAM = re.compile(r"[A-Za-z0-9_-]{0,512}")


def launch(parts: Parts, user_id: int, *, start_param: str = "", theme: str = "light", url: str = "") -> Json:
    """`{"init_data", "url"}` for one opening of the Mini App by this user. Raises UserError."""
    if not _START_PARAM.fullmatch(start_param):
        raise UserError("start_param may have up to 512 letters, digits, _ and -")
    if theme not in THEMES:
        raise UserError("theme must be one of " + ", ".join(THEMES))
    target = url or parts.play_url
    try:
        check_web_app_url(target, "Mini App")
    except ApiError as error:
        raise UserError(error.description) from None
    init_data = init_data_py.sign(_fields(parts, user_id, start_param), parts.token, auth_date=parts.now())
    return {"init_data": init_data, "url": _address(target, init_data, theme)}


def _fields(parts: Parts, user_id: int, start_param: str) -> dict[str, str]:
    user = {key: value for key, value in parts.state.user(user_id).json().items() if key != "is_bot"}
    if user_id in parts.state.chats and parts.state.chats[user_id].open:
        user["allows_write_to_pm"] = True
    fields = {"user": json.dumps(user, ensure_ascii=False, separators=(",", ":"))}
    if start_param:  # a direct link: no query to answer, but a chat it was opened from
        fields |= {"chat_instance": str(user_id), "chat_type": "sender", "start_param": start_param}
    else:
        fields["query_id"] = _query_id(parts, user_id)
    return fields | {"signature": _signature(parts, user_id)}


def _query_id(parts: Parts, user_id: int) -> str:
    query_id = secrets.token_urlsafe(16)
    record = {"kind": "web_app", "user_id": user_id, "chat_id": user_id, "asked": parts.clock()}
    parts.queries.put(query_id, record)
    return query_id


def _signature(parts: Parts, user_id: int) -> str:
    """In the shape of Telegram's Ed25519 signature, which only Telegram can make; `hash` covers it too."""
    digest = hmac.digest(parts.token.encode(), f"signature:{user_id}".encode(), hashlib.sha512)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _address(target: str, init_data: str, theme: str) -> str:
    parameters = {
        "tgWebAppData": init_data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(THEMES[theme], separators=(",", ":")),
        "tgWebAppBotInline": "1",
    }
    fragment = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    return f"{target.split('#')[0]}#{fragment}"
