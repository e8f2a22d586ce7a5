"""Who is counted as whom over HTTP, and what a refusal looks like."""

from dataclasses import replace

import pytest

from clicker import wiring
from clicker.limits.service import LimitsService
from clicker.limits.store import HotLimits
from clicker.web.calls import calls
from tests.player import Device
from tests.telegram import ALICE, BOB, init_data

LONG = {"limit_standard": "6/day", "limit_sensitive": "4/day", "limit_burst": "1000/day"}


@pytest.fixture
def services(services):
    """Small limits over windows that do not end meanwhile."""
    limits = LimitsService(replace(services.settings, **LONG), HotLimits(services.redis), services.pace)
    return replace(services, limits=limits)


def opening(app, clock, player=ALICE, **kwargs):
    return Device(app.test_client(), clock).post(
        "/session", {"init_data": init_data(player, now=clock())}, **kwargs
    )


def test_a_player_may_open_so_often_and_then_waits(app, clock):
    answers = [opening(app, clock) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["3", "2", "1", "0", "0"]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"4"}
    refused = answers[-1]
    assert refused.json["error"]["code"] == "too_many_requests"
    assert int(refused.headers["Retry-After"]) >= 1
    assert int(refused.headers["X-RateLimit-Reset"]) > 1_700_000_000


@pytest.mark.parametrize(("tongue", "word"), [("en", "fast"), ("ru", "быстро")])
def test_a_refusal_is_a_fragment_for_htmx_in_the_callers_language(app, clock, tongue, word):
    for _ in range(4):
        opening(app, clock)
    answer = opening(app, clock, headers={"HX-Request": "true", "Accept-Language": tongue})
    assert answer.status_code == 429
    assert 'data-code="too_many_requests"' in answer.text
    assert word in answer.text


def test_thousands_behind_one_address_can_open(app, clock):
    assert {opening(app, clock, player).status_code for player in range(2000, 2060)} == {201}


def test_what_failed_behind_an_address_keeps_nobody_out_who_is_known(app, clock):
    forged = [
        Device(app.test_client(), clock).post("/session", {"init_data": "hash=0"}).status_code
        for _ in range(6)
    ]
    assert forged == [401] * 4 + [429] * 2
    assert opening(app, clock).status_code == 201


def test_another_address_is_another_stranger(app, clock):
    for _ in range(5):
        Device(app.test_client(), clock).get("/me")
        Device(app.test_client(), clock).get("/me", environ_overrides={"REMOTE_ADDR": "2001:db8::1"})
    answers = [
        Device(app.test_client(), clock).get("/me", environ_overrides={"REMOTE_ADDR": address}).status_code
        for address in (
            "127.0.0.1",
            "127.0.0.1",
            "2001:db8::2",
            "2001:db8::3",
            "2001:db8:0:1::1",
            "192.0.2.1",
        )
    ]
    assert answers == [401, 429, 401, 429, 401, 401]


def test_a_day_old_link_is_always_told_so(app, clock):
    stale = {"init_data": init_data(now=clock() - 25 * 3600)}
    answers = [Device(app.test_client(), clock).post("/session", stale) for _ in range(6)]
    assert {answer.json["error"]["code"] for answer in answers} == {"stale_init_data"}


def test_whoever_guesses_addresses_is_refused(app, clock):
    answers = [Device(app.test_client(), clock).get(f"/{n}.php").status_code for n in range(7)]
    assert answers == [404] * 6 + [429]


def test_the_board_is_counted_by_player_or_else_by_address(alice, app, clock):
    stranger = Device(app.test_client(), clock)
    assert [stranger.get("/leaderboard").status_code for _ in range(7)] == [200] * 6 + [429]
    assert alice.get("/leaderboard").headers["X-RateLimit-Remaining"] == "5"


def test_taps_have_their_own_bucket(alice):
    assert {alice.tap(1).status_code for _ in range(60)} == {200}
    assert "X-RateLimit-Limit" not in alice.tap(1).headers


def test_taps_that_no_session_knows_are_always_told_so(alice):
    """A device must learn that it has to open anew, whoever else shares its address."""
    alice.token = "forged"
    assert {alice.tap(1).status_code for _ in range(20)} == {401}


@pytest.mark.parametrize("path", ["/", "/static/js/app.js", "/static/none.js", "/health/live"])
def test_the_shell_its_files_and_health_are_never_limited(app, path):
    assert {app.test_client().get(path).status_code for _ in range(15)} <= {200, 404}


def test_a_name_can_be_tried_again_and_again(app, clock):
    """An opening and the tries of a name do not use up one another."""
    bob = Device(app.test_client(), clock, BOB).opened()
    tries = [bob.post("/username", {"username": name}).status_code for name in ("x", "admin", "a b", "bob_1")]
    assert tries == [422, 422, 422, 200]
    assert bob.post("/session/heartbeat").status_code == 204


def test_what_failed_shows_what_is_left(alice):
    answer = alice.post("/username", {"username": "x"})
    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (422, "2")


def test_the_defaults_leave_room_for_a_normal_player(settings, clock):
    """Opens, tries names, polls the board each second when there is no socket, asks for the rank, and stays."""
    services = wiring.build(settings, clock)
    limits = services.limits
    limits.items.pop("burst")  # a minute goes by in a moment here
    who = "player:77"
    for call, times in {"top": 67, "me": 40, "heartbeat": 9, "ticket": 20, "resume": 5}.items():
        assert all(limits.count("standard", call, who) for _ in range(times)), call
    for call, times in {"open": 3, "username": 8}.items():
        assert all(limits.count("sensitive", call, who) for _ in range(times)), call


def test_every_call_that_works_is_in_a_tier_or_says_why_not(app):
    free = {endpoint for endpoint, said in calls(app).items() if said.tier is None}
    assert free == {
        "taps.click",
        "web.page",
        "static",
        "web.service_worker",
        "health.live",
        "health.ready",
        "health.startup",
        "live.live",
        "metrics.metrics",
    }


def test_what_creates_renames_gives_away_or_deletes_is_sensitive(app):
    sensitive = {endpoint for endpoint, said in calls(app).items() if said.tier == "sensitive"}
    assert sensitive == {"sessions.open_", "players.username", "players.export", "players.forget"}


def test_a_refused_call_costs_the_store_nothing(app, clock, services):
    for _ in range(5):
        opening(app, clock)
    services.limits.store = None  # whoever asks it now fails
    assert opening(app, clock).status_code == 429
    assert services.limits.refused == 2


def test_the_metrics_tell_of_limits(app, clock, services):
    for _ in range(5):
        opening(app, clock)
    services.limits.opened, services.limits.closed = 3, 2
    told = app.extensions["pulse"]._counted()
    assert told["clicker_limits_refused_total", "sensitive"] == 1
    assert told["clicker_limits_uncounted_total", "let_through"] == 3
    assert told["clicker_limits_uncounted_total", "refused"] == 2
