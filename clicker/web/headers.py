"""Headers that every answer bears: its id, who may frame the page, what it may load.

A layer around the app rather than a hook in it: adding fixed pairs to a finished list costs next to nothing.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from clicker.settings import Settings

Environ = dict[str, Any]
_TELEGRAM = "https://web.telegram.org https://*.telegram.org"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,64}")
REQUEST_ID = "clicker.request_id"
"""Where the request's id is in the WSGI environment."""


def policy(settings: Settings) -> str:
    """The content security policy: own files and Telegram's script, nothing inline, framed by Telegram only."""
    ancestors = _TELEGRAM if settings.production else f"{_TELEGRAM} {settings.sandbox_url}"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' https://telegram.org",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


class Headers:
    """Wraps a WSGI app; gives every request an id and every answer the fixed headers."""

    def __init__(self, app: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self.app = app
        self.fixed = [
            ("Content-Security-Policy", policy(settings)),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ]
        if settings.production:
            self.fixed.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if given and _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        environ[REQUEST_ID] = request_id

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if not any(name == "Cache-Control" for name, _ in headers):
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, [*headers, *self.fixed, ("X-Request-Id", request_id)], *rest)

        return self.app(environ, start)
