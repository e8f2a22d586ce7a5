"""The sandbox as one web application."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox import page
from sandbox.api import edge
from sandbox.errors import ApiError, UserError
from sandbox.parts import Parts
from sandbox.users import routes as users

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = logging.getLogger(__name__)


def build_app(parts: Parts) -> web.Application:
    """Bot API, users and chat page; every error is JSON in the form of its side."""
    app = web.Application(middlewares=[_errors])
    app.add_routes([*edge.routes(parts), *users.routes(parts), *page.routes(parts)])
    policy = page.content_security_policy(parts.play_url)

    async def secure(_: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-cache")

    app.on_response_prepare.append(secure)
    return app


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except UserError as error:
        return _error(request, error.status, str(error))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _error(request, error.status, error.reason)
    except Exception:
        log.exception("%s %s failed", request.method, request.path.partition(":")[0])
        return _error(request, 500, "Internal Server Error")


def _error(request: web.Request, status: int, text: str) -> web.Response:
    if request.path.startswith("/bot"):
        return web.json_response(ApiError(status, text).body(), status=status)
    return users.reply({"error": text}, status)
