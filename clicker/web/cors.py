"""Lets the scripts of listed sites call us. Without a list this layer is not there, and no other site's script may."""

from collections.abc import Iterable
from typing import Any

from clicker.web.edge import App, Environ, Start

_ASKED = "GET, POST, DELETE"
_SENT = "Authorization, Content-Type, HX-Request, If-None-Match, X-Request-Id"
_SHOWN = (
    "ETag, Retry-After, X-Flush-Ms, X-Idempotency-Key, X-Idempotent-Replay, X-Pace, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, X-Sequence"
)
_KEPT_S = "600"


class Cors:
    """Around the edge: answers preflights, and marks answers to listed origins as theirs to read.

    There are no cookies to lend, so no `Access-Control-Allow-Credentials`.
    """

    def __init__(self, app: App, origins: tuple[str, ...]) -> None:
        self.app, self.origins = app, frozenset(origins)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN", "")
        known = [("Access-Control-Allow-Origin", origin)] if origin in self.origins else []
        if environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            allowed = [
                ("Access-Control-Allow-Methods", _ASKED),
                ("Access-Control-Allow-Headers", _SENT),
                ("Access-Control-Max-Age", _KEPT_S),
            ]
            start_response("204 No Content", [("Vary", "Origin"), *known, *(allowed if known else [])])
            return []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            shown = [*known, ("Access-Control-Expose-Headers", _SHOWN)] if known else []
            return start_response(status, [*headers, ("Vary", "Origin"), *shown], *rest)

        return self.app(environ, start)
