"""Bad input gets a listed 4xx, never a 500, and counts nothing."""

import io
import json

import pytest

from tests.player import Device
from tests.telegram import BOB, init_data

FORM = "application/x-www-form-urlencoded"
DEEP = "[" * 7000
DEEPER = "[" * 900


def code(answer) -> str:
    body = answer.json["error"]
    assert set(body) >= {"code", "message", "requestId"}
    assert body["requestId"] == answer.headers["X-Request-Id"]
    assert "Traceback" not in answer.text
    return str(body["code"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "delta"),
        ({"delta": 1}, "sequence"),
        ({"sequence": 1}, "delta"),
        ({"delta": 0, "sequence": 1}, "delta"),
        ({"delta": -1, "sequence": 1}, "delta"),
        ({"delta": 1001, "sequence": 1}, "delta"),
        ({"delta": 10**400, "sequence": 1}, "delta"),
        ({"delta": 1.5, "sequence": 1}, "delta"),
        ({"delta": True, "sequence": 1}, "delta"),
        ({"delta": None, "sequence": 1}, "delta"),
        ({"delta": "1", "sequence": 1}, "delta"),
        ({"delta": [1], "sequence": 1}, "delta"),
        ({"delta": {}, "sequence": 1}, "delta"),
        ({"delta": 1, "sequence": 0}, "sequence"),
        ({"delta": 1, "sequence": -5}, "sequence"),
        ({"delta": 1, "sequence": 2**53}, "sequence"),
        ({"delta": 1, "sequence": "x"}, "sequence"),
    ],
)
def test_a_wrong_field_of_a_batch_is_named(alice, values, field):
    answer = alice.post("/click", values)
    assert answer.status_code == 422
    assert code(answer) == "bad_field"
    assert answer.json["error"]["field"] == field
    assert alice.clicks() == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"delta=1&delta=2&sequence=1", FORM, 422),
        (b"delta=1&sequence=1&sequence=1", FORM, 422),
        (b"delta=%FF&sequence=1", FORM, 422),
        ("delta=١&sequence=1".encode(), FORM, 422),
        (b"delta=+1&sequence=1", FORM, 422),
        (b"delta=1e2&sequence=1", FORM, 422),
        (b"delta=" + b"9" * 900 + b"&sequence=1", FORM, 422),
        (b"&".join(b"f%d=1" % i for i in range(100)), FORM, 422),
        (b'{"delta":1,"delta":2,"sequence":1}', "application/json", 422),
        (b'{"delta":1,', "application/json", 422),
        (b"[1,2]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        ('{"delta":1,"sequence":1}'.encode("utf-16"), "application/json", 422),
        (DEEPER.encode(), "application/json", 422),
        (b"", "application/json", 422),
        (b"", FORM, 422),
        (b"delta=1", "text/plain", 415),
        (b"<a/>", "application/xml", 415),
        (b"delta=1&sequence=1", "multipart/form-data; boundary=x", 415),
        (b"x" * 1025, FORM, 413),
    ],
)
def test_a_wrong_body_counts_nothing(alice, body, kind, status):
    answer = alice.call("POST", "/click", data=body, content_type=kind)
    assert answer.status_code == status, answer.text
    assert code(answer) in ("bad_field", "unsupported_type", "too_large")
    assert alice.clicks() == 0


@pytest.mark.parametrize(
    "token", ["", "x", "1001.abc.en.9999999999.sig", "a.b.c.d.e", "." * 200, "é", "x" * 5000, "null"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/click"),
        ("POST", "/username"),
        ("POST", "/session/heartbeat"),
        ("POST", "/session/resume"),
        ("DELETE", "/session"),
        ("GET", "/me"),
        ("GET", "/me/export"),
        ("DELETE", "/me"),
        ("POST", "/live/ticket"),
    ],
)
def test_a_token_that_is_not_ours_is_no_session(app, clock, method, path, token):
    stranger = Device(app.test_client(), clock)
    answer = stranger.call(method, path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert code(answer) == "no_session"


def test_another_players_token_with_my_session_is_no_session(alice, app, clock, services):
    forged = services.sessions.tokens.issue(BOB, alice.session, "en", clock())
    alice.token = forged
    assert code(alice.tap(1)) == "no_session"


def test_a_token_expires_after_thirty_days(alice, clock):
    clock.move(30 * 24 * 3600 + 1)
    assert code(alice.tap(1)) == "no_session"


@pytest.mark.parametrize("scheme", ["Basic", "", "bearer:"])
def test_another_scheme_is_no_session(alice, scheme):
    answer = alice.get("/me", headers={"Authorization": f"{scheme} {alice.token}"})
    assert code(answer) == "no_session"


def tampered() -> list[str]:
    good = init_data(now=1_800_000_000)
    return [
        "",
        "x",
        "hash=",
        "hash=é",
        "user=%7B%7D&auth_date=1800000000&hash=" + "0" * 64,
        good.replace("Alice", "Alicia"),
        good.replace("1001", "1002"),
        good + "&hash=" + "0" * 64,
        good + "&extra=1",
        good[:-1],
        good.upper(),
        init_data(now=1_800_000_000, token="1:another"),
        init_data(now=1_800_000_000 + 3600),
        "user=" + DEEP + "&auth_date=1&hash=0",
        init_data(-5, now=1_800_000_000),
        "\ud800",
        "\x00",
    ]


@pytest.mark.parametrize("forged", tampered())
def test_forged_init_data_opens_nothing(app, clock, services, forged):
    body = json.dumps({"init_data": forged})
    answer = app.test_client().post(
        "/session", data=body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code in (401, 422)
    assert code(answer) in ("bad_init_data", "bad_field")
    assert services.sessions.active() == 0


def test_init_data_is_stale_after_a_day(app, clock):
    stranger = Device(app.test_client(), clock)
    just = stranger.post("/session", {"init_data": init_data(now=clock() - 24 * 3600)})
    assert just.status_code == 201
    answer = Device(app.test_client(), clock).post(
        "/session", {"init_data": init_data(now=clock() - 24 * 3600 - 2)}
    )
    assert answer.status_code == 401
    assert code(answer) == "stale_init_data"


@pytest.mark.parametrize("values", [{}, {"init_data": 5}, {"init_data": None}, {"init_data": 7.5}])
def test_a_missing_or_senseless_init_data_is_named(app, clock, values):
    answer = Device(app.test_client(), clock).post("/session", values)
    assert answer.status_code == 422
    assert answer.json["error"]["field"] == "init_data"


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/click", 1024),
        ("POST", "/session", 8192),
        ("POST", "/username", 4096),
        ("POST", "/session/heartbeat", 1024),
        ("DELETE", "/me", 1024),
    ],
)
def test_every_call_has_its_own_largest_body(alice, method, path, most):
    """One byte more is too large, whether the body would be read or not; that many are just looked at."""
    too_long = alice.call(method, path, data=b"f=" + b"x" * (most - 1), content_type=FORM)
    assert (too_long.status_code, code(too_long)) == (413, "too_large")
    just = alice.call(method, path, data=b"f=" + b"x" * (most - 2), content_type=FORM)
    assert just.status_code in (204, 422)


def test_a_body_of_unknown_length_is_read_no_further(alice):
    body = io.BytesIO(b"x" * 9000)
    endless = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": FORM}
    answer = alice.call("POST", "/session", input_stream=body, environ_overrides=endless)
    assert answer.status_code in (413, 422)
    assert body.tell() <= 8192


@pytest.mark.parametrize(
    "path",
    ["/leaderboard?a=1&a=2", "/live?ticket=a&ticket=b", "/me?" + "&".join(f"f{n}=1" for n in range(30))],
)
def test_a_query_that_says_two_things_is_refused(alice, path):
    answer = alice.get(path)
    assert (answer.status_code, code(answer)) == (422, "bad_field")


@pytest.mark.parametrize(
    ("username", "rule"),
    [
        ("", "too_short"),
        ("ab", "too_short"),
        ("a" * 33, "too_long"),
        ("a b c", "characters"),
        ("<script>", "characters"),
        ("алиса", "characters"),
        ("ali\u202ece", "characters"),
        ("ali😀ce", "characters"),
        ("ali'; DROP TABLE player", "characters"),
        ("ali\x00ce", "characters"),
        ("1alice", "start"),
        ("_alice", "start"),
        ("Admin", "reserved"),
    ],
)
def test_a_bad_username_is_refused_with_the_rule_it_breaks(alice, username, rule):
    answer = alice.post("/username", {"username": username})
    assert answer.status_code == 422
    assert code(answer) == "bad_username"
    assert answer.json["error"]["rule"] == rule
    assert alice.get("/me").json["username"] == "alice"


@pytest.mark.parametrize("values", [{}, {"username": 5}, {"username": ["a"]}, {"username": "x" * 2000}])
def test_a_senseless_username_is_named(alice, values):
    answer = alice.post("/username", values)
    assert answer.status_code == 422
    assert code(answer) in ("bad_field", "bad_username")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/click", 405),
        ("PUT", "/session", 405),
        ("POST", "/leaderboard", 405),
    ],
)
def test_an_unknown_address_or_method_is_said_calmly(app, clock, method, path, status):
    answer = Device(app.test_client(), clock).call(method, path)
    assert answer.status_code == status
    assert code(answer) in ("not_found", "method_not_allowed")


def test_a_socket_without_a_ticket_is_refused(app):
    answer = app.test_client().get("/live", headers={"Upgrade": "websocket", "Connection": "Upgrade"})
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123.X", True), ("a" * 65, False), ("a b", False), ("é", False)]
)
def test_a_well_formed_request_id_is_kept(app, given, kept):
    answer = app.test_client().get("/health/live", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is kept
    assert answer.headers["X-Request-Id"]


def test_a_failure_is_told_in_the_browsers_language_until_the_player_is_known(app):
    headers = {"Accept": "application/json", "Accept-Language": "ru", "Authorization": "Bearer nothing"}
    told = app.test_client().get("/me", headers=headers).json["error"]["message"]
    assert told == "Сессия закончилась. Открой игру заново."


@pytest.mark.parametrize("player", [2**52, 2**63, 10**30])
def test_an_id_that_no_store_can_hold_opens_nothing(app, clock, player):
    answer = Device(app.test_client(), clock).post("/session", {"init_data": init_data(player, now=clock())})
    assert code(answer) == "bad_init_data"


@pytest.mark.parametrize("name", ["A\0lice", "x" * 300, "\u202eecila", "<b>"])
def test_any_first_name_is_kept_whole_or_cleaned(app, clock, services, name):
    device = Device(app.test_client(), clock)
    assert device.post("/session", {"init_data": init_data(now=clock(), first_name=name)}).status_code == 201
    assert services.taps.flush() == 1


@pytest.mark.parametrize("body", [b'{"username":"\\ud800abc"}', b'{"\\ud800":1,"\\ud800":2}'])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_half_a_character_is_refused(alice, body, headers):
    answer = alice.call("POST", "/username", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 422


def test_an_old_token_does_not_bring_back_a_deleted_player(alice, services):
    assert alice.call("DELETE", "/me").status_code == 204
    assert code(alice.post("/username", {"username": "alice"})) == "no_session"
    assert services.players.get(alice.player) is None
    for answer in (alice.get("/me"), alice.get("/me/export"), alice.post("/language", {"language": "ru"})):
        assert (answer.status_code, code(answer)) == (401, "no_session")


def test_a_broken_handshake_is_a_bad_request(alice, app):
    ticket = alice.post("/live/ticket").json["ticket"]
    answer = app.test_client().get(f"/live?ticket={ticket}", headers={"Upgrade": "websocket"})
    assert answer.status_code == 400
