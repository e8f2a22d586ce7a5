"""Counts calls: a player's own as soon as the player is known, an address only for what failed or stayed anonymous."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, make_response, request

from clicker.errors import ClickerError, NoSession, StaleInitData, TooLarge, TooManyRequests
from clicker.limits.rules import STANDARD, Room
from clicker.web import address
from clicker.web.asking import claims, services
from clicker.web.calls import SMALL, Call, calls

_ROOM = "clicker.room"
_UNKNOWN = Call(public=True)
"""A call to an address that there is not."""


def register(app: Flask) -> None:
    """Wraps the views that are counted or take a body of their own size; the others, taps first, stay as they are."""
    app.extensions["limits"], app.extensions["calls"] = app.extensions["clicker"].limits, calls(app)
    for endpoint, said in app.extensions["calls"].items():
        if said.tier or said.body != SMALL:
            app.view_functions[endpoint] = _guarded(app.view_functions[endpoint], endpoint, said)


def count_player(player: int) -> None:
    """Counts the present call as this player's, for views that learn by themselves who asks. Raises as `count` does."""
    said: Call = current_app.extensions["calls"][request.endpoint]
    _count(said, f"player:{player}")


def failed(error: ClickerError) -> ClickerError:
    """What to tell whoever failed without being known: the error, or, after too many of them, TooManyRequests."""
    if _ROOM in request.environ or not 400 <= error.status < 500 or isinstance(error, StaleInitData):
        return error
    known = current_app.extensions["calls"]
    said = known.get(request.endpoint) if request.endpoint else _UNKNOWN
    if said is None or said.tier is None:
        return error
    try:
        _count(said, _address())
    except ClickerError as refused:
        return refused if isinstance(refused, TooManyRequests) else error
    return error


def show(response: Response, error: ClickerError | None = None) -> Response:
    """Adds what is left of the limit to an answer."""
    room = request.environ.get(_ROOM)
    if isinstance(error, TooManyRequests):
        room = Room(error.limit, 0, error.reset)
    if room is not None:
        response.headers["X-RateLimit-Limit"] = str(room.limit)
        response.headers["X-RateLimit-Remaining"] = str(room.remaining)
        response.headers["X-RateLimit-Reset"] = str(room.reset)
    return response


def _guarded(view: Callable[..., Any], endpoint: str, said: Call) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**values: Any) -> Response:
        if (request.content_length or 0) > said.body:
            raise TooLarge
        request.max_content_length = said.body
        if said.tier and not said.counts_itself:
            _count_known(said)
        return show(make_response(view(**values)))

    return guarded


def _count_known(said: Call) -> None:
    try:
        _count(said, f"player:{claims().player}")
    except NoSession:
        if said.public:
            _count(said, _address())


def _count(said: Call, who: str) -> None:
    request.environ[_ROOM] = None
    request.environ[_ROOM] = services().limits.count(
        said.tier or STANDARD, request.endpoint or "unknown", who
    )


def _address() -> str:
    return "address:" + address.caller(address.client(request.environ, services().settings.trusted_proxies))
