"""The batch protocol over HTTP, on a real hot store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from clicker.sessions.token import Claims
from tests.player import Device
from tests.telegram import BOB


def test_a_batch_counts_its_taps(alice):
    answer = alice.tap(7)
    assert answer.status_code == 200
    assert answer.json == {
        "myClicks": 7,
        "globalClicks": 7,
        "accepted": 7,
        "deferred": 0,
        "sequence": 1,
        "pace": {"level": "calm", "flushMs": 1000, "refreshMs": 1000, "heartbeatMs": 20000},
    }
    assert answer.headers["X-Sequence"] == "1"
    assert answer.headers["X-Idempotency-Key"] == f"click_{alice.player}_{alice.session}_1"
    assert answer.headers["X-Pace"] == "calm"
    assert answer.headers["X-Flush-Ms"] == "1000"
    assert "X-Idempotent-Replay" not in answer.headers


def test_a_repeated_batch_gets_the_stored_answer_and_counts_nothing(alice, app, clock):
    first = alice.tap(7)
    bob = Device(app.test_client(), clock, BOB).opened().named("bob")
    bob.tap(5)
    again = alice.tap(7, sequence=1)
    assert again.json == first.json
    assert again.headers["X-Idempotent-Replay"] == "true"
    assert alice.clicks() == 7


def test_after_five_minutes_a_repeat_gets_the_present_totals_and_what_was_deferred(alice, clock):
    alice.tap(1000)
    clock.move(40)
    alice.post("/session/heartbeat")
    clock.move(5 * 60 - 39)
    again = alice.tap(1000, sequence=1)
    assert again.json["accepted"] == 0
    assert again.json["deferred"] == 250
    assert again.json["myClicks"] == 750
    assert again.headers["X-Idempotent-Replay"] == "true"


def test_sequences_5_3_4_count_5_only(alice):
    assert alice.tap(10, sequence=5).json["accepted"] == 10
    for late in (3, 4):
        answer = alice.tap(10, sequence=late)
        assert answer.json["accepted"] == 0
        assert answer.headers["X-Idempotent-Replay"] == "true"
    assert alice.clicks() == 10


@pytest.mark.parametrize("copies", [20, 1000])
def test_many_copies_of_one_batch_at_once_count_once(alice, services, copies):
    claims = Claims(alice.player, alice.session, "en", 0)
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda _: services.taps.tap(claims, 13, 1), range(copies)))
    assert sum(not answer.replay for answer in answers) == 1
    assert {answer.my_clicks for answer in answers} == {13}
    assert services.taps.hot.total() == 13


def test_what_does_not_fit_is_deferred_not_dropped(alice, clock):
    answer = alice.tap(1000)
    assert (answer.json["accepted"], answer.json["deferred"]) == (750, 250)
    answer = alice.tap(250)
    assert (answer.json["accepted"], answer.json["deferred"]) == (0, 250)
    clock.move(10)
    answer = alice.tap(250)
    assert (answer.json["accepted"], answer.json["deferred"]) == (250, 0)
    assert alice.clicks() == 1000


def test_the_bucket_is_shared_by_all_sessions_of_a_player(alice, app, clock):
    tablet = Device(app.test_client(), clock).opened()
    assert alice.tap(700).json["accepted"] == 700
    assert tablet.tap(100).json["accepted"] == 50


def test_a_clock_that_stepped_back_does_not_dry_the_bucket(alice, clock):
    clock.move(3600)
    alice.tap(750)
    clock.move(-3600)
    alice.tap(1)
    clock.move(4)
    assert alice.tap(100).json["accepted"] == 100


def test_nobody_taps_without_a_username(app, clock):
    nameless = Device(app.test_client(), clock).opened()
    answer = nameless.tap(1)
    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "username_required"
    nameless.named("alice")
    assert nameless.tap(1, sequence=1).json["accepted"] == 1


def test_the_same_batch_after_a_pause_and_resume_counts_once(alice, clock, services):
    alice.tap(9)
    clock.move(61)
    services.sessions.reap()
    assert alice.tap(9, sequence=1).json["error"]["code"] == "session_paused"
    resumed = alice.resume()
    assert resumed.json["acknowledgedSequence"] == 1
    again = alice.tap(9, sequence=1)
    assert again.headers["X-Idempotent-Replay"] == "true"
    assert alice.tap(4, sequence=2).json["accepted"] == 4
    assert alice.clicks() == 13


def test_a_form_is_as_good_as_json(alice):
    answer = alice.call("POST", "/click", data={"delta": "3", "sequence": "1"})
    assert answer.json["accepted"] == 3


def test_htmx_gets_the_score_as_a_fragment(alice):
    answer = alice.call(
        "POST", "/click", data={"delta": "3", "sequence": "1"}, headers={"HX-Request": "true"}
    )
    assert answer.mimetype == "text/html"
    assert 'id="score"' in answer.text
