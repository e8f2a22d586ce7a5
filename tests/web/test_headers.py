"""The headers of every answer, and whose word about hosts, origins and addresses counts."""

from dataclasses import replace

import pytest

from clicker import wiring
from clicker.web import address
from clicker.web.app import create_app

PROXY, STRANGER = "10.0.0.7", "203.0.113.9"
SITE = "https://friend.example"


@pytest.fixture
def public(settings, clock):
    """A client of the app as it is in production, at clicker.example behind a proxy in 10.0.0.0/8."""
    production = replace(
        settings,
        env="production",
        public_url="https://clicker.example",
        trusted_proxies=("10.0.0.0/8",),
        cors_origins=(SITE,),
    )
    return create_app(wiring.build(production, clock)).test_client()


def got(client, path="/leaderboard", method="GET", peer=STRANGER, **headers):
    given = {"Host": "clicker.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.open(path, method=method, headers=given, environ_overrides={"REMOTE_ADDR": peer})


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/leaderboard"), ("POST", "/session"), ("GET", "/nowhere"), ("PUT", "/me")],
)
def test_every_answer_bears_the_strict_headers(public, services, method, path):
    headers = got(public, path, method).headers
    csp = headers["Content-Security-Policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self' https://telegram.org;",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert part in csp
    assert csp.endswith("frame-ancestors https://web.telegram.org https://*.telegram.org")
    assert "unsafe" not in csp
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert headers["X-Request-Id"]


def test_what_bears_a_token_is_kept_by_nobody(alice):
    assert alice.post("/session/resume").headers["Cache-Control"] == "no-store"
    assert alice.get("/me").headers["Cache-Control"] == "no-store"


def test_there_is_no_hsts_in_development(app):
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers


@pytest.mark.parametrize(
    "host", ["clicker.example", "CLICKER.example", "clicker.example:443", "clicker.example."]
)
def test_our_own_name_is_known_however_it_is_written(public, services, host):
    assert got(public, Host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "", "10.0.0.2:8000", "clicker.example.evil.example", "x@clicker.example"]
)
def test_another_host_is_refused(public, services, host):
    answer = got(public, Host=host)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_process_may_be_watched_at_its_own_address(public, services, path):
    assert got(public, path, Host="10.0.0.2:8000").status_code == 200


def test_only_a_known_proxy_may_say_which_host_was_meant(public, services):
    assert got(public, peer=PROXY, Host="web:8000", X_Forwarded_Host="clicker.example").status_code == 200
    assert got(public, peer=STRANGER, Host="web:8000", X_Forwarded_Host="clicker.example").status_code == 400
    assert got(public, peer=PROXY, Host="web:8000", X_Forwarded_Host="evil.example").status_code == 400


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (STRANGER, "", STRANGER),
        (STRANGER, "1.2.3.4", STRANGER),
        (PROXY, "", PROXY),
        (PROXY, "1.2.3.4", "1.2.3.4"),
        (PROXY, "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (PROXY, "9.9.9.9, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (PROXY, "made up", "made up"),
        ("", "1.2.3.4", ""),
    ],
)
def test_the_first_stranger_from_the_right_is_the_caller(peer, forwarded, found):
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    assert address.client(environ, ("10.0.0.0/8",)) == found
    assert address.client(environ, ()) == peer


@pytest.mark.parametrize(
    ("found", "caller"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("2001:db8:0:5:1:2:3:4", "2001:db8:0:5::"),
        ("made up", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_by_its_subscriber(found, caller):
    assert address.caller(found) == caller


def test_a_listed_site_may_read_and_ask_first(public, services):
    asked = got(public, "/click", "OPTIONS", Origin=SITE, Access_Control_Request_Method="POST")
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == SITE
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    answer = got(public, Origin=SITE)
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers.get_all("Vary")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", SITE + ".evil.example", "http://friend.example"]
)
def test_another_site_may_not(public, services, origin):
    asked = got(public, "/click", "OPTIONS", Origin=origin, Access_Control_Request_Method="POST")
    assert asked.status_code == 204
    for answer in (asked, got(public, Origin=origin)):
        assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118


def test_without_a_list_no_site_may(app):
    headers = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    asked = app.test_client().open("/click", method="OPTIONS", headers=headers)
    assert asked.status_code == 200
    assert "Access-Control-Allow-Origin" not in asked.headers
