"""Who is asking, and in which form they want the answer.

The WSGI environment of the present request is kept in a context variable: Flask's `request` and `current_app` are
proxies that cost a microsecond a look, and a tap would look twenty times.
"""

from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

from flask import Request
from htmx_flask.requests import HtmxHeaders
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.utils import cached_property

from clicker import i18n
from clicker.audit.rules import Actor
from clicker.errors import NoSession
from clicker.sessions.token import Claims
from clicker.web.address import client
from clicker.wiring import Services

Environ = dict[str, Any]
_PLAYER, _REQUEST_ID, _SERVICES = "clicker.player", "clicker.request_id", "clicker.services"
_asked: ContextVar[Environ] = ContextVar("asked")


class HtmxRequest(Request):
    """Flask's request with htmx-flask's `htmx`, made when it is looked at."""

    @cached_property
    def htmx(self) -> HtmxHeaders:
        """What htmx says of the request; false if another client asks."""
        return HtmxHeaders(self.headers)


def begin(environ: Environ, request_id: str, services: Services) -> None:
    """Before every request. Its language is the browser's until it is known who asks."""
    environ[_REQUEST_ID], environ[_SERVICES] = request_id, services
    _asked.set(environ)
    if "HTTP_AUTHORIZATION" in environ:
        i18n.set_language(None)  # the last request on this connection may have been another player's
    else:
        speak()


def asked() -> Environ:
    """The WSGI environment of the present request."""
    return _asked.get()


def services() -> Services:
    """The parts of this app."""
    return cast(Services, _asked.get()[_SERVICES])


def request_id() -> str:
    """The id of the present request."""
    return cast(str, _asked.get()[_REQUEST_ID])


def speak() -> None:
    """Answers in the browser's language, unless it is already the player's."""
    environ = _asked.get()
    if _PLAYER not in environ:
        i18n.set_language(_best(environ.get("HTTP_ACCEPT_LANGUAGE", "")))


def claims() -> Claims:
    """Who bears the request's token; from here on the answer is in their language. Raises NoSession."""
    environ = _asked.get()
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NoSession
    found = services().sessions.claims(token.strip())
    environ[_PLAYER] = found.player
    i18n.set_language(found.language)
    return found


def actor() -> Actor:
    """The player who asks, and from where, for the audit log. Raises NoSession."""
    return Actor.player(claims().player, client_address())


def client_address() -> str:
    """Where the present request came from."""
    return client(_asked.get(), services().settings.trusted_proxies)


def wants_json() -> bool:
    """True unless htmx or a browser's navigation asks."""
    environ = _asked.get()
    return "HTTP_HX_REQUEST" not in environ and "text/html" not in environ.get("HTTP_ACCEPT", "")


@lru_cache(1024)
def _best(header: str) -> str | None:
    return parse_accept_header(header, LanguageAccept).best_match(i18n.LANGUAGES) if header else None
