"""The outermost layer: who is let in, and the headers that every answer bears.

A layer around the app rather than hooks in it: a refusal must cost next to nothing, and so must adding fixed pairs to
a finished list.
"""

import json
import random
import re
import secrets
from collections.abc import Callable, Iterable
from itertools import count
from time import perf_counter
from typing import Any

from clicker import i18n
from clicker.errors import BadField, ClickerError, Overloaded, UnknownHost
from clicker.logs import request_id as logged_id
from clicker.pace.rules import LEVELS
from clicker.settings import Settings
from clicker.web import address, asking, fields
from clicker.web.tally import Tallies, Tally
from clicker.wiring import Services

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]
_ALWAYS = frozenset(("/", "/live", "/metrics"))
_ALWAYS_UNDER = ("/health/", "/static/", "/admin/")
"""Let in whatever the load: they tell how it is or mend it, cost nothing, or stay open for hours."""
_PROBES = ("/health/", "/metrics")
"""Asked by whoever watches a process, at its own address: any Host will do."""
_TELEGRAM = "https://web.telegram.org https://*.telegram.org"
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""Allows one thing inline: a style element with nothing in it, which Telegram's script adds inside a frame."""
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def policy(settings: Settings) -> str:
    """The content security policy: own files and Telegram's script, nothing inline, framed by Telegram only."""
    ancestors = _TELEGRAM if settings.production else f"{_TELEGRAM} {settings.sandbox_url}"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' https://telegram.org",
            f"style-src 'self' {_EMPTY_STYLE}",
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


class Edge:
    """Wraps the app: gives every request an id and every answer the fixed headers, and admits only what can be served.

    The answer to a tap is never a document and never cached, so it goes without the headers that speak of that: each
    costs as much as reading the token. A file of the Mini App goes without them too: two dozen of them are a first
    load, and the policy that holds is the page's.
    `in_flight` counts requests that are being answered; `peak` is its highest value since it was last read, and a full
    house's with everyone who was refused: as long as there are many of them, the level must not be lowered.
    `tallies` counts every answer by its route.
    `render` makes the fragment of an error; it is kept, so that a refusal renders nothing.
    `store_away` is set while the hot store does not answer: then nobody waits for it.
    """

    def __init__(self, app: App, services: Services, render: Callable[[ClickerError], str]) -> None:
        self.app, self.services, self.pace, self.render = app, services, services.pace, render
        self.hosts, self.proxies = services.settings.hosts, services.settings.trusted_proxies
        self._fragments: dict[tuple[str, str], bytes] = {}
        self.in_flight = self.peak = self.refused = 0
        self.store_away = False
        self.tallies = Tallies()
        self.prefix, self.numbers = secrets.token_hex(6), count(1)
        self.always = [("X-Content-Type-Options", "nosniff")]
        if services.settings.production:
            self.always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
        self.paced = {
            level: [("X-Pace", level), ("X-Flush-Ms", str(pace.flush_ms)), *self.always]
            for level, pace in LEVELS.items()
        }
        self.document = [
            ("Content-Security-Policy", policy(services.settings)),
            ("Referrer-Policy", "no-referrer"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ]

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = (
            given if given and _WELL_FORMED.fullmatch(given) else f"{self.prefix}{next(self.numbers):x}"
        )
        logged_id.set(request_id)
        asking.begin(environ, request_id, self.services)
        path = environ["PATH_INFO"]
        tally = self.tallies.get(path) or self.tallies.of(path)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            tally.statuses[status] += 1
            headers.append(("X-Request-Id", request_id))
            paced = self.paced[self.pace.current().level]
            if path == "/click":
                headers += paced
            elif path.startswith("/static/") and status < "4":
                headers += self.always
            else:
                headers += paced
                said = {name for name, _ in headers}
                headers += [pair for pair in self.document if pair[0] not in said]
                if "Cache-Control" not in said:
                    headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *rest)

        if self.hosts and environ.get("HTTP_HOST") not in self.hosts and not self._reached(environ, path):
            return self._tell(environ, start, "400 Bad Request", UnknownHost(), [])
        if environ.get("QUERY_STRING"):
            try:
                fields.check_query(environ["QUERY_STRING"])
            except BadField as error:
                return self._tell(environ, start, "422 Unprocessable Content", error, [])
        if path in _ALWAYS or path.startswith(_ALWAYS_UNDER):
            return self.app(environ, start)
        if self.store_away:
            return self._refuse(environ, start)
        if self.in_flight >= self.pace.current().admitted:
            self.peak = max(self.peak, self.in_flight) + 1
            return self._refuse(environ, start)
        return self._count(environ, start, tally)

    def take_peak(self) -> int:
        """The most requests at once since the last call, refused ones on top."""
        peak, self.peak = self.peak, self.in_flight
        return peak

    def _count(self, environ: Environ, start: Start, tally: Tally) -> Iterable[bytes]:
        begun = perf_counter()
        self.in_flight += 1
        if self.in_flight > self.peak:
            self.peak = self.in_flight
        try:
            return self.app(environ, start)
        finally:
            self.in_flight -= 1
            tally.took(perf_counter() - begun)

    def _reached(self, environ: Environ, path: str) -> bool:
        """True if the request was meant for us after all: with a port, by a proxy that says so, or as a probe."""
        if path.startswith(_PROBES):
            return True
        if _name(environ.get("HTTP_HOST", "")) in self.hosts:
            return True
        forwarded = environ.get("HTTP_X_FORWARDED_HOST", "").split(",")[-1].strip()
        if _name(forwarded) in self.hosts and address.trusted(environ.get("REMOTE_ADDR", ""), self.proxies):
            environ["HTTP_HOST"] = forwarded
            return True
        return False

    def _refuse(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """503 before any work. htmx swaps nothing: the page has its own word for it, and taps wait on the device."""
        self.refused += 1
        pace = self.pace.current()
        most = 1 + pace.flush_ms // 1000
        after = str(random.randint(1 + most // 2, most + most // 2))  # noqa: S311 - spreads them, so that not all return at once
        headers = [("Retry-After", after)]
        if "HTTP_HX_REQUEST" in environ:
            headers.append(("HX-Reswap", "none"))
        return self._tell(environ, start, "503 Service Unavailable", Overloaded(), headers)

    def _tell(
        self, environ: Environ, start: Start, status: str, error: ClickerError, headers: list[tuple[str, str]]
    ) -> Iterable[bytes]:
        """An answer without the app, in the caller's language."""
        asking.speak()
        if asking.wants_json():
            told = {"code": error.code, "message": error.message, "requestId": asking.request_id()}
            said = {**told, **error.extra}
            kind, body = "application/json", json.dumps({"error": said}).encode()
        else:
            kind, body = "text/html; charset=utf-8", self._fragment(error)
        start(status, [*headers, ("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _fragment(self, error: ClickerError) -> bytes:
        if error.extra:
            return self.render(error).encode()
        wanted = (error.code, i18n.current())
        if wanted not in self._fragments:
            self._fragments[wanted] = self.render(error).encode()
        return self._fragments[wanted]


def _name(host: str) -> str:
    """The name in a Host header: small letters, no port, no final dot."""
    return host.lower().partition(":")[0].removesuffix(".")
