"""Who is asking, and in which form they want the answer."""

import re
import secrets
from typing import cast

from flask import current_app, g, request

from clicker import i18n, logs
from clicker.errors import NoSession
from clicker.sessions.token import Claims
from clicker.wiring import Services

_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def services() -> Services:
    """The parts of this app."""
    return cast(Services, current_app.extensions["clicker"])


def begin() -> None:
    """Before every request: its id, and its language until the player is known."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
    logs.unbind_all()
    logs.bind(request_id=g.request_id)
    i18n.set_language(request.accept_languages.best_match(i18n.LANGUAGES))


def claims() -> Claims:
    """Who bears the request's token; from here on the answer is in their language. Raises NoSession."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NoSession
    found = services().sessions.claims(token.strip())
    i18n.set_language(found.language)
    return found


def bearer() -> str:
    """The request's token as it came; only after `claims`."""
    return request.headers["Authorization"].partition(" ")[2].strip()


def wants_json() -> bool:
    """True unless htmx or a browser's navigation asks."""
    if "HX-Request" in request.headers:
        return False
    return "text/html" not in request.headers.get("Accept", "")
