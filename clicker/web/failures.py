"""The one map from what went wrong to what the caller is told."""

import logging
from collections import Counter

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, HTTPException
from wsproto.utilities import RemoteProtocolError

from clicker import errors
from clicker.errors import ClickerError
from clicker.i18n import lazy
from clicker.stores import postgres, redis
from clicker.web import answers, limits
from clicker.web.asking import speak

log = logging.getLogger(__name__)
refused: Counter[str] = Counter()
"""Answers with an error since this process started, by code; the metrics read it."""

_HTTP: dict[int, type[ClickerError]] = {
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.TooLarge,
    415: errors.UnsupportedType,
}
_FRAGMENTS = {
    "session_paused": ("sessions/_paused.html", "#overlay"),
    "blocked": ("sessions/_blocked.html", "#overlay"),
    "no_session": ("sessions/_reopen.html", "#overlay"),
    "bad_init_data": ("sessions/_reopen.html", "#overlay"),
    "stale_init_data": ("sessions/_reopen.html", "#overlay"),
    "username_required": ("players/_username.html", "#username"),
    "username_taken": ("players/_username.html", "#username"),
    "bad_username": ("players/_username.html", "#username"),
}
_OTHERWISE = ("web/_error.html", "#notice")
_THEIRS = ("/username", "/language")
"""What players ask of the Mini App themselves."""


def register(app: Flask) -> None:
    app.register_error_handler(ClickerError, tell)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(redis.Error, _store_away)
    app.register_error_handler(RemoteProtocolError, lambda error: _http(BadRequest()))
    for error in postgres.Errors:
        app.register_error_handler(error, _store_away)
    app.register_error_handler(Exception, _unexpected)


def tell(error: ClickerError) -> Response:
    """The answer to an expected failure; too many of them, from nobody we know, have another one."""
    speak()
    error = limits.failed(error)
    refused[error.code] += 1
    template, target = _FRAGMENTS.get(error.code, _OTHERWISE)
    data = {"code": error.code, "message": error.message, "extra": error.extra}
    response = answers.error(template, data, error.status, target, _swap(error, target), tried=_tried(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return limits.show(response, error)


def _swap(error: ClickerError, target: str) -> str:
    """What the page asks by itself it asks again by itself: behind the player's back nothing needs to be said.

    A notice is replaced, so that it is shown for its time even if it says the same again.
    """
    if error.status >= 429 and request.path not in _THEIRS:
        return "none"
    return "outerHTML" if target == "#notice" else "outerMorph"


def _tried(error: ClickerError) -> str:
    return str(g.get("tried_username", "")) if error.code in ("bad_username", "username_taken") else ""


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    told = _HTTP.get(status, ClickerError)()
    if type(told) is ClickerError:
        told.status, told.code = status, "bad_request" if status < 500 else "error"
    response = tell(told)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _store_away(error: Exception) -> Response:
    log.warning("a store is away: %s", type(error).__name__, extra={"path": request.path})
    return tell(errors.Overloaded())


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error, extra={"path": request.path})
    told = ClickerError(lazy("Something went wrong on our side. Your taps are safe; please try again."))
    told.status = 500
    return tell(told)
