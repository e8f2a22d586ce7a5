"""`/sandbox/…`: JSON in, JSON out. Bad input is a 400 with a sentence."""

import json
from collections.abc import Callable

from aiohttp import web

from sandbox.errors import UserError
from sandbox.parts import Parts
from sandbox.state import Json
from sandbox.users import acts
from sandbox.users.launch import launch
from sandbox.users.themes import THEMES
from sandbox.users.view import HIGHEST_ID, bot_view, change_user, chat_view

Act = Callable[[Parts, int, Json], Json]


def routes(parts: Parts) -> list[web.RouteDef]:
    def posted(path: str, act: Act, status: int = 200) -> web.RouteDef:
        async def handle(request: web.Request) -> web.Response:
            return reply(act(parts, _user_id(request), await _body(request)), status)

        return web.post(f"/sandbox/users/{{user_id}}{path}", handle)

    def got(path: str, show: Callable[[web.Request], Json]) -> web.RouteDef:
        async def handle(request: web.Request) -> web.Response:
            return reply(show(request))

        return web.get(f"/sandbox{path}", handle)

    async def patch(request: web.Request) -> web.Response:
        return reply(change_user(parts, _user_id(request), await _body(request)))

    return [
        posted("/messages", acts.write, 201),
        posted("/callbacks", acts.press, 201),
        posted("/inline", acts.ask_inline, 201),
        posted("/choices", acts.choose, 201),
        posted("/block", lambda parts, user_id, _: acts.block(parts, user_id, True)),
        posted("/unblock", lambda parts, user_id, _: acts.block(parts, user_id, False)),
        posted("/read", _read),
        web.patch("/sandbox/users/{user_id}", patch),
        got("/users/{user_id}/chat", lambda request: _chat(parts, request)),
        got("/users/{user_id}/init-data", lambda request: _launch(parts, request)),
        got("/bot", lambda request: bot_view(parts, request.query.get("language", "")) | {"themes": THEMES}),
        got("/stats", lambda _: stats(parts)),
    ]


def stats(parts: Parts) -> Json:
    """Calls by method, refusals and open chats since the start."""
    opened = sum(chat.open for chat in parts.state.chats.values())
    return {"calls": dict(parts.calls), "too_many_requests": parts.too_many_requests, "chats": opened}


def reply(body: Json, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(status=status, body=text.encode(errors="replace"), content_type="application/json")


def _chat(parts: Parts, request: web.Request) -> Json:
    user_id = _user_id(request)
    chat_id = request.query.get("chat_id", str(user_id))
    try:
        return chat_view(parts, user_id, int(chat_id))
    except ValueError:
        raise UserError("chat_id must be a whole number") from None


def _launch(parts: Parts, request: web.Request) -> Json:
    wanted = {name: value for name, value in request.query.items() if name in ("start_param", "theme", "url")}
    return launch(parts, _user_id(request), **wanted)


def _read(parts: Parts, user_id: int, _: Json) -> Json:
    chat = parts.state.chats.get(user_id)
    if chat and chat.unread:
        chat.unread = 0
        parts.changed(user_id)
    return {"unread": 0}


def _user_id(request: web.Request) -> int:
    raw = request.match_info["user_id"]
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:20]) <= HIGHEST_ID):
        raise UserError("a user's id is a whole number from 1 to 2^52 - 1")
    return int(raw)


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except (ValueError, LookupError, RecursionError):
        raise UserError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise UserError("the body must be a JSON object")
    return body
