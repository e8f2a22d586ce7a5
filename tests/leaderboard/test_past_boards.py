"""The board of every minute, kept for a week; then of every hour, for a year."""

from datetime import datetime, timedelta

import pytest

from clicker.clock import utc
from clicker.stores import minutes
from clicker.stores.postgres import connection
from tests.player import Device
from tests.telegram import ALICE, BOB

DAY_S = 86_400


@pytest.fixture
def bob(app, clock) -> Device:
    return Device(app.test_client(), clock, BOB).opened().named("bob")


def now(clock) -> datetime:
    return utc(int(clock() * 1000))


def boards(table: str = "board") -> list[datetime]:
    with connection() as database:
        return [row[0] for row in database.execute_sql(f"SELECT at FROM {table} ORDER BY at")]


def test_a_minute_has_one_board_and_it_can_be_asked_for(alice, bob, services, clock):
    alice.tap(7)
    bob.tap(7)
    assert services.leaderboard.keep()
    alice.tap(1)
    assert not services.leaderboard.keep(), "this minute has one"
    first = now(clock)
    clock.move(60)
    assert services.leaderboard.keep()
    at, board = services.leaderboard.at(first + timedelta(seconds=59))
    assert at == first.replace(second=0)
    assert board.global_clicks == 14
    assert [(e.rank, e.username, e.clicks) for e in board.entries] == [(1, "alice", 7), (1, "bob", 7)]
    _, later = services.leaderboard.at(now(clock))
    assert [(e.rank, e.username, e.clicks) for e in later.entries] == [(1, "alice", 8), (2, "bob", 7)]
    assert later.version == services.leaderboard.refresh().version
    assert services.leaderboard.at(first - timedelta(minutes=1)) is None


def test_what_is_older_than_a_week_is_one_an_hour_and_than_a_year_nothing(alice, services, clock):
    alice.tap(1)
    clock.now = clock.now // 3600 * 3600 + 600  # the first of that hour is of ten past
    begun = now(clock)
    for _ in range(110):
        services.leaderboard.keep()
        clock.move(60)
    assert len(boards()) == len(boards("board_place")) == 110
    clock.now += 7 * DAY_S - 110 * 60
    services.leaderboard.keep()
    assert boards()[:110] == [begun + timedelta(minutes=number) for number in range(110)]
    clock.move(3600)
    services.leaderboard.keep()
    assert boards()[:2] == [begun, begun + timedelta(minutes=50)], "the first of each hour stays"
    clock.move(3600)
    services.leaderboard.keep()
    assert boards()[:3] == [begun, begun + timedelta(minutes=50), begun + timedelta(days=7)]
    assert len(boards("board_place")) == len(boards())
    clock.move(358 * DAY_S)
    services.leaderboard.keep()
    assert boards() == [begun + timedelta(days=7), *boards()[1:]]


def test_thinning_takes_no_more_than_so_many_at_once(alice, services, clock, monkeypatch):
    monkeypatch.setattr(minutes, "AT_ONCE", 10)
    clock.now = clock.now // 3600 * 3600
    for _ in range(60):
        services.leaderboard.keep()
        clock.move(60)
    clock.move(8 * DAY_S)
    went = [services.leaderboard.ledger.thin_out(now(clock)) for _ in range(8)]
    assert went == [10, 10, 10, 10, 10, 9, 0, 0]


def test_a_new_name_is_shown_and_a_deleted_player_is_gone(alice, bob, services, clock):
    alice.tap(2)
    bob.tap(1)
    services.leaderboard.keep()
    held = services.players.export(BOB)["boardPlaces"]
    assert held == [{"at": now(clock).replace(second=0).isoformat(), "rank": 2, "clicks": 1}]
    services.players.choose_username(ALICE, "alice_the_second")
    services.players.forget(BOB)
    _, board = services.leaderboard.at(now(clock))
    assert [(e.rank, e.username) for e in board.entries] == [(1, "alice_the_second")]
    assert board.global_clicks == 3


def test_somebody_who_is_deleted_while_the_board_is_kept_leaves_no_place(alice, services, clock, monkeypatch):
    alice.tap(2)
    read = services.leaderboard.store.tops

    def tops():
        rows = read()
        services.players.forget(ALICE)
        return rows

    monkeypatch.setattr(services.leaderboard.store, "tops", tops)
    services.leaderboard.keep()
    assert len(boards()) == 1
    assert boards("board_place") == []
