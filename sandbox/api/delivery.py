"""Methods by which updates reach the bot."""

import re
from urllib.parse import urlsplit

from sandbox.addresses import loopback
from sandbox.api.registry import method
from sandbox.errors import bad_request, conflict
from sandbox.parameters import Parameters
from sandbox.parts import Parts
from sandbox.state import Json

LONGEST_POLL_S = 50  # the Bot API server's LONG_POLL_MAX_TIMEOUT
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


@method("getUpdates", "offset limit timeout allowed_updates", calm=True)
async def get_updates(parts: Parts, parameters: Parameters) -> list[Json]:
    if parts.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    _allow(parts, parameters)
    limit = parameters.integer("limit", 100, 1, 100)
    timeout_s = parameters.integer("timeout", 0, 0, LONGEST_POLL_S)
    if parts.updates.confirm(parameters.integer("offset")):
        parts.state.dirty = True
    return await parts.updates.poll(limit, timeout_s)


@method(
    "setWebhook",
    "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    calm=True,
)
def set_webhook(parts: Parts, parameters: Parameters) -> bool:
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if url:
        _check_url(url)
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(parts, parameters)
    parts.updates.conflict("terminated by setWebhook request")
    _drop(parts, parameters)
    parts.webhook.set(url, secret, parameters.integer("max_connections", 40, 1, 100))
    return True


@method("deleteWebhook", "drop_pending_updates", calm=True)
def delete_webhook(parts: Parts, parameters: Parameters) -> bool:
    _drop(parts, parameters)
    parts.webhook.set("", "", 0)
    return True


@method("getWebhookInfo", calm=True)
def get_webhook_info(parts: Parts, parameters: Parameters) -> Json:
    return parts.webhook.info(parts.updates)


@method("logOut", calm=True)
def log_out(parts: Parts, parameters: Parameters) -> bool:
    """There is no cloud to leave here: only the waiting poll ends."""
    parts.updates.conflict("terminated by logOut request")
    return True


@method("close", calm=True)
def close(parts: Parts, parameters: Parameters) -> bool:
    parts.updates.conflict("terminated by close request")
    return True


def _allow(parts: Parts, parameters: Parameters) -> None:
    kinds = parameters.structure("allowed_updates", "allowed updates")
    if kinds is None:
        return  # as before, which is what Telegram does
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("can't parse allowed updates: an Array of Strings is expected")
    parts.updates.allowed = kinds or None
    parts.state.dirty = True


def _drop(parts: Parts, parameters: Parameters) -> None:
    if parameters.flag("drop_pending_updates"):
        parts.updates.queue.clear()
        parts.state.dirty = True


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname or ""))
    except ValueError:
        secure = False
    if not secure or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
