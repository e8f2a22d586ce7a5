"""Usernames, export, deletion."""

from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import OperationalError

from clicker.errors import BadUsername, ClickerError
from clicker.players import rules
from clicker.players.models import CounterRow
from tests.conftest import wipe
from tests.player import Device
from tests.telegram import ALICE, BOB


@given(st.text(max_size=40))
def test_a_username_is_kept_as_it_is_or_refused(raw):
    try:
        name = rules.check_username(raw)
    except BadUsername:
        return
    assert name == raw.strip().removeprefix("@")
    assert name.isascii()
    assert rules.check_username(name) == name


@given(st.text(max_size=40), st.text(max_size=40), st.integers())
def test_every_idea_for_a_username_obeys_the_rules(first_name, telegram_username, seed):
    for name in islice(rules.username_ideas(first_name, telegram_username, Random(seed)), 8):
        assert rules.check_username(name) == name


def test_a_name_is_suggested_from_what_telegram_says():
    ideas = list(islice(rules.username_ideas("Юля", "", Random(1)), 1))
    assert ideas == ["yulya"]


def test_a_username_belongs_to_one_player_whatever_its_case(alice, app, clock):
    bob = Device(app.test_client(), clock, BOB).opened()
    answer = bob.post("/username", {"username": "ALICE"})
    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "username_taken"
    assert alice.post("/username", {"username": "Alice"}).json["username"] == "Alice"


def test_a_username_that_was_given_up_is_free_again(alice, app, clock):
    alice.named("alice_two")
    Device(app.test_client(), clock, BOB).opened().named("alice")


def test_a_suggestion_is_free_at_that_moment(alice, services):
    assert services.players.suggestions("Alice", "alice", count=3)[0] != "alice"
    assert len(services.players.suggestions("Alice", "alice", count=3)) == 3


def test_a_generated_name_leaves_nobody_stuck(services):
    services.players.greet(BOB, "Bob", "ru")
    name = services.players.assign_username(BOB)
    assert services.players.known(BOB).username == name


def test_the_export_holds_all_that_is_known(alice, services):
    alice.tap(3)
    services.taps.flush()
    answer = alice.get("/me/export")
    assert answer.status_code == 200
    assert answer.json["player"] | {"since": None} == {
        "id": ALICE,
        "username": "alice",
        "firstName": "Alice",
        "language": "en",
        "clicks": 3,
        "blocked": False,
        "since": None,
    }
    assert [session["id"] for session in answer.json["sessions"]] == [alice.session]


def test_a_deleted_player_leaves_only_their_taps_in_the_global_number(alice, services, app, clock):
    alice.tap(30)
    services.taps.flush()
    alice.tap(4)
    assert alice.call("DELETE", "/me").status_code == 204
    assert alice.tap(1).json["error"]["code"] == "no_session"
    assert services.taps.flush() == 0
    assert services.taps.verify().agree
    board = services.leaderboard.refresh()
    assert (board.entries, board.global_clicks) == ((), 34)
    assert Device(app.test_client(), clock).opened().named("alice").clicks() == 0


def test_deleting_twice_is_harmless_and_survives_a_rebuild(alice, services):
    alice.tap(30)
    for _ in range(2):
        assert alice.call("DELETE", "/me").status_code == 204
    wipe(services)
    services.taps.rebuild()
    services.taps.rebuild()
    assert services.leaderboard.refresh().global_clicks == 30
    assert services.taps.verify().agree


@pytest.mark.parametrize("wrong", ["nobody", "99999999"])
def test_an_unknown_player_is_said_to_be_unknown(services, wrong):
    assert services.players.find(wrong) is None
    with pytest.raises(ClickerError):
        services.players.known(99999999)


@pytest.fixture
def postgres_fails(monkeypatch):
    """Deletions fail in Postgres after the hot store has forgotten. Returns what mends it."""

    def fails(**values):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(CounterRow, "insert", fails)
        yield broken.undo


@pytest.mark.parametrize("repeated_by", ["player", "worker"])
def test_a_deletion_that_postgres_missed_is_made_up_for(alice, services, postgres_fails, repeated_by):
    alice.tap(7)
    services.taps.flush()
    alice.tap(5)
    assert alice.call("DELETE", "/me").status_code == 503
    assert services.players.get(alice.player) is None
    assert not services.taps.verify().agree
    postgres_fails()
    if repeated_by == "player":
        assert alice.call("DELETE", "/me").status_code == 204
    else:
        assert services.players.finish_forgetting() == 1
    assert services.players.finish_forgetting() == 0
    verdict = services.taps.verify()
    assert verdict.agree
    assert verdict.ledger_sum == 12


def test_a_deletion_whose_answer_was_lost_counts_once(alice, services, monkeypatch):
    alice.tap(12)
    monkeypatch.setattr(services.players.hot, "forgotten", lambda player, deletion: None)
    assert alice.call("DELETE", "/me").status_code == 204
    monkeypatch.undo()
    assert services.players.finish_forgetting() == 1
    assert services.taps.verify().agree
    assert services.taps.verify().ledger_sum == 12


def test_of_two_renames_at_once_both_stores_keep_the_same(alice, services, monkeypatch):
    """The first device is held up after Postgres has its name, until the second is done."""
    right = services.players.ledger.with_username

    def late(player, put):
        monkeypatch.setattr(services.players.ledger, "with_username", right)
        services.players.choose_username(player, "newer")
        right(player, put)

    monkeypatch.setattr(services.players.ledger, "with_username", late)
    services.players.choose_username(ALICE, "older")
    assert services.players.ledger.get(ALICE).username == "newer"
    assert services.players.known(ALICE).username == "newer"
