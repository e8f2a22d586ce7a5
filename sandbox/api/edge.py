"""`/bot<token>/<method>`: from HTTP to a method and back, in Telegram's wire format."""

import hmac
import inspect
import json
from typing import Any

from aiohttp import web

from sandbox.api import chats, delivery, messages, profile, queries, sending
from sandbox.api.registry import METHODS, Method
from sandbox.errors import ApiError, too_many_requests
from sandbox.limits import LimitExceededError
from sandbox.parameters import read_parameters
from sandbox.parts import Parts

SUBJECTS = (chats, delivery, messages, profile, queries, sending)  # importing them fills METHODS


def routes(parts: Parts) -> list[web.RouteDef]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return _json(200, {"ok": True, "result": await _call(parts, request)})
        except ApiError as error:
            parts.too_many_requests += error.code == 429
            return _json(error.code, error.body())

    return [web.route(verb, "/bot{token:[^/]+}/{method}", handle) for verb in ("GET", "POST")]


async def _call(parts: Parts, request: web.Request) -> Any:
    if not hmac.compare_digest(request.match_info["token"].encode(), parts.token.encode()):
        raise ApiError(401, "Unauthorized")
    method = METHODS.get(request.match_info["method"].lower())
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    parts.calls[method.name] += 1
    try:
        return await _run(parts, method, request)
    except LimitExceededError as error:
        raise too_many_requests(error.retry_after) from None


async def _run(parts: Parts, method: Method, request: web.Request) -> Any:
    if not method.calm:
        parts.limits.check_pause()
    parameters = await read_parameters(request)
    method.check(parameters)
    result = method.run(parts, parameters)
    return await result if inspect.isawaitable(result) else result


def _json(status: int, body: dict[str, Any]) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate out of an "\ud800" escape can't be UTF-8: it is replaced rather than a 500.
    return web.Response(status=status, body=text.encode(errors="replace"), content_type="application/json")
