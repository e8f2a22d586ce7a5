"""Who is asking, and in which form they want the answer."""

from typing import cast

from flask import current_app, request

from clicker import i18n, logs
from clicker.errors import NoSession
from clicker.sessions.token import Claims
from clicker.web import fields
from clicker.web.edge import REQUEST_ID
from clicker.wiring import Services

_PLAYER = "clicker.player"


def services() -> Services:
    """The parts of this app."""
    return cast(Services, current_app.extensions["clicker"])


def begin() -> None:
    """Before every request: its id for the logs, its language if nobody in particular asks, an unambiguous query."""
    logs.request_id.set(request.environ[REQUEST_ID])
    if request.environ["QUERY_STRING"]:
        fields.check_query(request.environ["QUERY_STRING"])
    if "HTTP_AUTHORIZATION" in request.environ:
        i18n.set_language(None)  # the last request on this connection may have been another player's
    else:
        speak()


def speak() -> None:
    """Answers in the browser's language, unless it is already the player's. Reading it costs: a tap goes without."""
    if _PLAYER not in request.environ:
        asked = "HTTP_ACCEPT_LANGUAGE" in request.environ
        i18n.set_language(request.accept_languages.best_match(i18n.LANGUAGES) if asked else None)


def request_id() -> str:
    """The id of the present request."""
    return cast(str, request.environ[REQUEST_ID])


def claims() -> Claims:
    """Who bears the request's token; from here on the answer is in their language. Raises NoSession."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NoSession
    found = services().sessions.claims(token.strip())
    request.environ[_PLAYER] = found.player
    i18n.set_language(found.language)
    return found


def wants_json() -> bool:
    """True unless htmx or a browser's navigation asks."""
    environ = request.environ
    return "HTTP_HX_REQUEST" not in environ and "text/html" not in environ.get("HTTP_ACCEPT", "")
