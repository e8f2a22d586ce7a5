"""Opening, heartbeat, pause, resume, close."""

import pytest

from clicker.sessions import service
from clicker.stores.postgres import connection
from tests.conftest import wipe
from tests.player import Device
from tests.telegram import ALICE, init_data


def test_opening_a_session_tells_everything_the_game_needs(app, clock):
    answer = Device(app.test_client(), clock).post("/session", {"init_data": init_data(now=clock())})
    assert answer.status_code == 201
    assert set(answer.json) == {"token", "sessionId", "player", "globalClicks", "sequence", "pace"}
    assert answer.json["player"] == {"id": ALICE, "username": None, "clicks": 0, "rank": 1}
    assert answer.json["sequence"] == 0


def test_opening_again_always_works_and_keeps_the_clicks(alice, app, clock):
    alice.tap(5)
    again = Device(app.test_client(), clock).post("/session", {"init_data": init_data(now=clock())})
    assert again.json["player"] == {"id": ALICE, "username": "alice", "clicks": 5, "rank": 1}


def test_a_session_without_a_sign_of_life_is_paused(alice, clock, services):
    clock.move(60)
    assert services.sessions.reap() == (1, 0)
    assert alice.tap(1).status_code == 409
    assert alice.post("/session/heartbeat").json["error"]["code"] == "session_paused"
    assert services.sessions.active() == 0


def test_nobody_is_paused_while_load_is_shed(alice, clock, services):
    services.pace.hold("shedding")
    clock.move(60)
    assert services.sessions.reap() == (0, 0)
    services.pace.release()
    assert services.sessions.reap() == (1, 0)


@pytest.mark.parametrize("sign", ["tap", "heartbeat"])
def test_a_tap_or_a_heartbeat_keeps_a_session_awake(alice, clock, services, sign):
    clock.move(59)
    assert (
        alice.tap(1).status_code == 200
        if sign == "tap"
        else alice.post("/session/heartbeat").status_code == 204
    )
    clock.move(59)
    assert services.sessions.reap() == (0, 0)


def test_a_paused_session_goes_on_after_resume(alice, clock, services):
    alice.tap(3)
    clock.move(61)
    services.sessions.reap()
    answer = alice.resume()
    assert answer.status_code == 201
    assert answer.json["sessionId"] == alice.session
    assert answer.json["acknowledgedSequence"] == answer.json["sequence"] == 1
    assert alice.tap(2).json["myClicks"] == 5


def test_a_session_is_closed_after_a_day_and_can_still_be_resumed(alice, clock, services):
    alice.tap(3)
    clock.move(61)
    services.sessions.reap()
    clock.move(24 * 3600)
    assert services.sessions.reap() == (0, 1)
    assert services.sessions.of_player(ALICE)[0]["state"] == "closed"
    assert alice.resume().json["acknowledgedSequence"] == 1


def test_closing_ends_a_session(alice, services):
    assert alice.call("DELETE", "/session").status_code == 204
    assert alice.tap(1).status_code == 409
    assert alice.call("DELETE", "/session").status_code == 204


def test_resuming_tells_how_much_of_the_last_batch_did_not_fit(alice):
    alice.tap(1000)
    answer = alice.resume()
    assert (answer.json["acknowledgedSequence"], answer.json["acknowledgedDeferred"]) == (1, 250)


def test_a_session_that_the_hot_store_lost_is_found_in_postgres(alice, services, clock):
    alice.tap(3, sequence=9)
    services.taps.flush()
    wipe(services)
    services.taps.rebuild()
    assert alice.tap(3, sequence=9).headers["X-Idempotent-Replay"] == "true"
    assert alice.tap(4, sequence=10).json["myClicks"] == 7


def test_while_the_hot_store_is_being_rebuilt_everyone_is_asked_to_wait(alice, services, app, clock):
    alice.tap(3)
    services.taps.flush()
    wipe(services)
    for answer in (
        alice.tap(1),
        Device(app.test_client(), clock).post("/session", {"init_data": init_data(now=clock())}),
    ):
        assert answer.status_code == 503
        assert answer.json["error"]["code"] == "overloaded"
        assert int(answer.headers["Retry-After"]) >= 1


def test_a_ticket_opens_one_socket_only(alice, services):
    ticket = alice.post("/live/ticket").json["ticket"]
    assert services.sessions.use_ticket(ticket) == "en"
    with pytest.raises(Exception, match="no_session"):
        services.sessions.use_ticket(ticket)


def test_a_session_is_kept_for_ninety_days_after_its_last_change(alice, services, clock, monkeypatch):
    alice.opened().opened()
    services.taps.flush()
    with connection() as database:  # whose clock the rows go by
        at = database.execute_sql("SELECT extract(epoch FROM max(updated_at)) FROM session").fetchone()[0]
    clock.now = float(at) + 89.9 * 86_400
    assert services.sessions.retain() == 0
    clock.move(0.2 * 86_400)
    monkeypatch.setattr(service, "REMOVED_AT_ONCE", 2)
    assert [services.sessions.retain() for _ in range(3)] == [2, 1, 0]
    assert services.players.export(ALICE)["sessions"] == []
