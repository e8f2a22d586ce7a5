"""The chat page: its files, its security headers, and the stream that tells it what changed."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.errors import UserError
from sandbox.live import Watcher
from sandbox.parts import Parts

STATIC = Path(__file__).parent / "static"
PING_S = 15.0
GATHER_S = 0.03  # changes that come together are told together


def routes(parts: Parts) -> list[web.AbstractRouteDef]:
    async def index(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def events(request: web.Request) -> web.StreamResponse:
        return await _stream(parts, request)

    return [web.get("/", index), web.get("/sandbox/events", events), web.static("/static", STATIC)]


def content_security_policy(play_url: str) -> str:
    """Only the page's own files, and the Mini App in a frame."""
    address = urlsplit(play_url)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"frame-src {address.scheme}://{address.netloc}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


async def _stream(parts: Parts, request: web.Request) -> web.StreamResponse:
    try:
        chat_ids = [0, *(int(user) for user in request.query.get("users", "").split(",") if user)]
    except ValueError:
        raise UserError("users must be ids with commas between") from None
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    watcher = parts.live.watch(chat_ids)
    try:
        while not parts.live.closing:
            await _pulse(watcher, response)
    except (ConnectionError, asyncio.CancelledError):
        pass  # the page is gone
    finally:
        parts.live.forget(watcher)
    return response


async def _pulse(watcher: Watcher, response: web.StreamResponse) -> None:
    try:
        await asyncio.wait_for(watcher.woken.wait(), PING_S)
    except TimeoutError:
        await response.write(b": still here\n\n")
        return
    await asyncio.sleep(GATHER_S)
    await response.write(f"data: {json.dumps(watcher.collect())}\n\n".encode())
