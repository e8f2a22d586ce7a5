"""Reports of errors to Sentry. Imported only if SENTRY_DSN is set.

What is sent is the error, where it happened, and the request's id: no body, no headers, no addresses, no values of
variables; and whatever looks like a secret is taken out of the texts that are left.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import sentry_sdk
from sentry_sdk.integrations.logging import LoggingIntegration

from clicker import logs
from clicker.settings import Settings

HIDDEN = "[hidden]"
_SECRETS = (
    r"\d{5,}:[A-Za-z0-9_-]{20,}",  # a bot's token
    r"(?i:bearer)\s+\S+",
    r"\d+\.[0-9A-Za-z]{8,}\.\w+\.\d+\.[\w-]{16,}",  # a session's token
    r"(?:query_id|user|auth_date|hash|signature|ticket)(?:=|%3D)[^\s\"']+",  # initData, tickets
    r"\b[0-9a-f]{64}\b",  # a signature
    r"://[^\s/@\"']+@",  # the user part of a store's address
)
_KEPT = ("url", "method")
_DROPPED = ("user", "breadcrumbs", "modules", "extra")


def begin(settings: Settings, part: str, transport: Any = None) -> None:
    """Errors that are logged as such, and those that end a process, are reported."""
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        environment=settings.env,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration()],
        before_send=Scrub(settings, part),
        transport=transport,
    )


class Scrub:
    """The last look at an event before it leaves: `(event, hint)` → event."""

    def __init__(self, settings: Settings, part: str) -> None:
        self.part = part
        password = urlsplit(settings.database_url).password
        known = (settings.bot_token, settings.secret_key, settings.admin_password, settings.webhook_secret)
        own = [re.escape(secret) for secret in (*known, password) if secret]
        self.secret = re.compile("|".join([*own, *_SECRETS]))

    def __call__(self, event: Any, hint: Any) -> Any:
        request = {name: value for name, value in event.get("request", {}).items() if name in _KEPT}
        kept = {name: value for name, value in event.items() if name not in (*_DROPPED, "request")}
        tags = {"part": self.part, "request_id": logs.request_id.get()}
        return self._clean({**kept, "request": request, "tags": {k: v for k, v in tags.items() if v}})

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.secret.sub(HIDDEN, value)
        if isinstance(value, dict):
            return {key: self._clean(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._clean(inner) for inner in value]
        return value
