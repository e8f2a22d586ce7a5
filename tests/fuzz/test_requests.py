"""Requests of all kinds at the app, in this process: no 5xx but the designed 503, and nothing of the inside leaks.

`make fuzz` asks FUZZ_REQUESTS=50000; the tests ask fewer.
"""

import os
import re
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clicker import wiring
from clicker.web.app import create_app
from tests.fuzz.requests import likely, operators, requests
from tests.player import Device
from tests.telegram import ALICE
from tests.web.admin.conftest import PASSWORD, Operator

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "1500"))
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|psycopg|peewee|redis\.|werkzeug|EVALSHA|SELECT |INSERT |"
    r"postgresql://|redis://|/usr/|/home/|sandbox-token|development-only"
)


@pytest.fixture
def client(services, clock):
    services.limits.items.clear()
    app = create_app(replace(services, settings=replace(services.settings, env="development")))
    return Device(app.test_client(), clock).opened().named("alice")


@pytest.mark.timeout(30 + REQUESTS // 20)
def test_no_request_breaks_anything_or_sees_the_inside(client, caplog):
    seen: dict[int, int] = {}
    tokens = {"none": "", "forged": "1001.x.en.9999999999.sig"}

    def token(kind):
        return tokens.get(kind, client.token)

    @hypothesis_settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=REQUESTS < 5000,
    )
    @given(st.one_of(likely, likely, requests), st.sampled_from(("mine", "mine", "none", "forged")))
    def ask(request, bearer):
        headers = {**request.headers, "Authorization": f"Bearer {token(bearer)}"}
        answer = client.client.open(
            request.path,
            method=request.method,
            query_string=request.query,
            headers=headers,
            data=request.body,
        )
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (answer.status_code, answer.text[:500])
        assert answer.headers["X-Request-Id"]
        if not request.path.startswith("/static/") and request.path not in ("/openapi.json", "/metrics"):
            assert not INSIDE.search(answer.text), answer.text[:500]
        for name, value in answer.headers.items():
            assert "\n" not in value
            assert not INSIDE.search(value), (name, value)
        if answer.status_code == 204 and request.path == "/me" and request.method == "DELETE":
            client.token = ""
            client.opened().named("alice")

    ask()
    sys.stderr.write(f"\n{sum(seen.values())} requests: {dict(sorted(seen.items()))}\n")
    assert not [record for record in caplog.records if record.exc_info]
    assert {200, 401, 404, 405, 422} <= set(seen)


@pytest.mark.timeout(30 + REQUESTS // 10)
def test_nothing_that_an_operator_sends_breaks_anything(services, clock, caplog):
    services.limits.items.clear()
    opened = replace(services.settings, env="development", admin_password=PASSWORD)
    services = wiring.build(opened, clock)
    services.limits.items.clear()
    app = create_app(services)
    Device(app.test_client(), clock, ALICE).opened().named("alice")
    operator = Operator(app)
    assert operator.try_(PASSWORD).status_code in (200, 302, 303)
    operator.get("/")
    seen: dict[int, int] = {}

    @hypothesis_settings(
        max_examples=max(300, REQUESTS // 10),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=REQUESTS < 5000,
    )
    @given(operators)
    def send(request):
        answer = operator.client.open(
            request.path,
            method=request.method,
            query_string=request.query,
            headers={"X-CSRFToken": operator.token, **request.headers},
            data=request.body,
        )
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (answer.status_code, answer.text[:500])
        assert "Traceback" not in answer.text

    send()
    sys.stderr.write(f"\n{sum(seen.values())} requests of an operator: {dict(sorted(seen.items()))}\n")
    assert not [record for record in caplog.records if record.exc_info]
    assert {200, 404, 405, 422} <= set(seen)
