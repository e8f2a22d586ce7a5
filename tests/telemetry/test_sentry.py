"""What Sentry is sent: the error, where, and the request's id. No secret, nobody's data."""

import json
import logging
from dataclasses import replace

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from clicker import logs
from clicker.settings import Settings
from clicker.telemetry import sentry
from tests.telegram import ALICE, init_data

SETTINGS = Settings(
    sentry_dsn="http://public@127.0.0.1:1/1",
    secret_key="a-key-that-nobody-may-see",
    database_url="postgresql://clicker:pass-word@db/clicker",
)

SOMEBODY = "ydobemos"


class Kept(Transport):
    """Keeps what would have been sent."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict] = []

    def capture_envelope(self, envelope) -> None:
        self.events += [item.payload.json for item in envelope.items if item.type == "event"]


@pytest.fixture
def sent():
    transport = Kept()
    sentry.begin(SETTINGS, "web", transport=transport)
    yield transport.events
    sentry_sdk.init()


def test_an_error_is_reported_with_the_part_and_the_requests_id(sent):
    token = logs.request_id.set("req-1")
    try:
        raise ValueError("it broke")
    except ValueError:
        logging.getLogger("clicker.web.failures").exception("unexpected error", extra={"path": "/click"})
    finally:
        logs.request_id.reset(token)
    assert sent[0]["tags"] == {"part": "web", "request_id": "req-1"}
    assert sent[0]["exception"]["values"][0]["value"] == "it broke"


def test_no_secret_leaves(sent, alice):
    signed = init_data(ALICE)
    secrets = [
        SETTINGS.bot_token,
        SETTINGS.secret_key,
        "pass-word",
        alice.token,
        signed.split("hash=")[1],
        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    ]

    def fail(held: str) -> None:
        raise RuntimeError(f"held {held}")

    for secret in [*secrets, signed, f"Bearer {alice.token}", "redis://user:pass-word@store:6379"]:
        sentry_sdk.set_user({"id": ALICE, "username": SOMEBODY[::-1]})
        sentry_sdk.add_breadcrumb(message=secret)
        with sentry_sdk.new_scope() as scope:
            scope.set_extra("body", secret)
            scope.set_tag("token", secret)
            try:
                fail(secret)
            except RuntimeError:
                logging.getLogger("clicker").exception("with %s", secret)
    assert len(sent) == len(secrets) + 3
    told = json.dumps(sent)
    for secret in secrets:
        assert secret not in told
    assert sentry.HIDDEN in told
    assert SOMEBODY[::-1] not in told
    assert "vars" not in told


def test_a_request_is_told_by_its_address_and_method_only(sent):
    scrub = sentry.Scrub(replace(SETTINGS, bot_token="1"), "web")
    event = {
        "request": {"url": "http://x/click", "method": "POST", "data": "d", "headers": {}, "cookies": "c"}
    }
    assert scrub(event, {})["request"] == {"url": "http://x/click", "method": "POST"}
