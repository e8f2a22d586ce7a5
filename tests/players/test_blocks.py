"""A blocked player: nothing counts, nothing is lost, and it stays so whatever dies."""

import pytest

from tests.conftest import wipe
from tests.player import Device
from tests.telegram import ALICE, BOB


def board(device: Device) -> list[str]:
    return [entry["username"] for entry in device.get("/leaderboard").json["entries"]]


@pytest.fixture
def bob(app, clock) -> Device:
    return Device(app.test_client(), clock, BOB).opened().named("bob")


def refused(answer) -> bool:
    return answer.status_code == 403 and answer.json["error"]["code"] == "blocked"


def test_nothing_of_a_blocked_player_counts_and_nothing_is_lost(services, alice, bob):
    alice.tap(7)
    bob.tap(5)
    services.players.block(ALICE)
    assert refused(alice.tap(3))
    assert refused(alice.post("/session/heartbeat"))
    assert refused(alice.post("/session/resume"))
    assert refused(alice.post("/username", {"username": "alice_again"}))
    with pytest.raises(AssertionError, match="blocked"):
        alice.opened()
    services.leaderboard.refresh()
    assert board(bob) == ["bob"]
    assert alice.clicks() == 7
    assert bob.get("/leaderboard").json["globalClicks"] == 12


def test_after_the_block_everything_goes_on_where_it_was(services, alice):
    alice.tap(7)
    services.players.block(ALICE)
    assert refused(alice.tap(3, sequence=2))
    services.players.unblock(ALICE)
    assert alice.tap(3, sequence=2).status_code == 409
    assert alice.resume().json["acknowledgedSequence"] == 1
    assert alice.tap(3, sequence=2).json["myClicks"] == 10
    services.leaderboard.refresh()
    assert board(alice) == ["alice"]


def test_blocking_twice_and_unblocking_somebody_who_is_not_blocked_change_nothing(services, alice):
    alice.tap(7)
    services.players.unblock(ALICE)
    assert alice.tap(1).json["myClicks"] == 8
    services.players.block(ALICE)
    services.players.block(ALICE)
    assert [player.id for player in services.players.blocked(10)] == [ALICE]
    services.players.unblock(ALICE)
    assert services.players.blocked(10) == []


def test_the_stores_agree_while_somebody_is_blocked(services, alice, bob):
    alice.tap(7)
    services.players.block(ALICE)
    services.taps.flush()
    verdict = services.taps.verify()
    assert verdict.agree, verdict
    assert (verdict.hot_sum, verdict.unflushed) == (7, 0)


def test_a_block_outlives_the_loss_of_the_hot_store(services, alice):
    alice.tap(7)
    services.taps.flush()
    services.players.block(ALICE)
    wipe(services)
    services.taps.rebuild()
    assert refused(alice.tap(1)), "its session comes back from Postgres"
    services.leaderboard.refresh()
    assert board(alice) == []
    assert services.taps.verify().agree
    services.players.unblock(ALICE)
    assert alice.resume().status_code == 201
    assert alice.tap(1).json["myClicks"] == 8


def test_a_session_that_was_flushed_while_blocked_can_be_played_after_a_loss(services, alice):
    alice.tap(7)
    services.players.block(ALICE)
    services.taps.flush()
    services.players.unblock(ALICE)
    wipe(services)
    services.taps.rebuild()
    assert alice.tap(1).status_code == 409
    assert alice.resume().status_code == 201


def test_a_blocked_player_may_take_their_data_and_go_and_stays_blocked(services, alice):
    alice.tap(7)
    services.players.block(ALICE)
    assert alice.get("/me/export").json["player"]["clicks"] == 7
    assert alice.call("DELETE", "/me").status_code == 204
    services.leaderboard.refresh()
    assert alice.get("/leaderboard").json["globalClicks"] == 7
    alice.token = ""
    with pytest.raises(AssertionError, match="blocked"):
        alice.opened()


def test_the_reaper_leaves_blocked_sessions_alone(services, alice, clock):
    services.players.block(ALICE)
    clock.move(48 * 3600)
    assert services.sessions.reap() == (0, 0)
    assert services.sessions.presence(ALICE) == "blocked"


def test_htmx_gets_the_block_as_an_overlay(services, alice):
    services.players.block(ALICE)
    answer = alice.post("/session/heartbeat", headers={"HX-Request": "true", "Accept-Language": "ru"})
    assert answer.headers["HX-Retarget"] == "#overlay"
    assert "blocked" in answer.text
    assert 'data-code="blocked"' in answer.text


def test_players_are_found_by_id_and_by_the_beginning_of_their_name(services, alice, bob):
    def found(text: str) -> list[int]:
        return [player.id for player in services.players.search(text, 10)]

    assert found("ali") == found(" @ALI ") == found(str(ALICE)) == [ALICE]
    assert found("o") == found("") == found("%") == found("_") == found("ali'; DROP TABLE player; --") == []
    assert found("<script>") == found("\u202eecila") == found("9" * 40) == []


def test_a_player_nobody_has_met_can_be_blocked(services, app, clock):
    services.players.block(BOB)
    with pytest.raises(AssertionError, match="blocked"):
        Device(app.test_client(), clock, BOB).opened()
    assert [(player.id, player.username) for player in services.players.blocked(10)] == [(BOB, "")]
