"""The board, ranks, ETag."""

from hypothesis import given
from hypothesis import strategies as st

from clicker.leaderboard.rules import merge
from clicker.taps.store import Remembered
from tests.player import Device
from tests.telegram import BOB


def seeded(services, clicks: list[int]) -> None:
    services.taps.seed([Remembered(9000 + i, c, f"player{i}", "P", "en") for i, c in enumerate(clicks)])


@given(st.lists(st.integers(1, 50), max_size=60))
def test_a_rank_is_one_more_than_the_number_of_better_players(clicks):
    board = merge([(i, f"p{i}", c) for i, c in enumerate(clicks)], sum(clicks))
    assert [entry.clicks for entry in board.entries] == sorted(clicks, reverse=True)[:20]
    for entry in board.entries:
        assert entry.rank == 1 + sum(other > entry.clicks for other in clicks)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_the_version_changes_with_the_content_only(clicks):
    rows = [(i, f"p{i}", c) for i, c in enumerate(clicks)]
    assert merge(rows, 5).version == merge(list(reversed(rows)), 5).version
    assert merge(rows, 5).version != merge(rows, 6).version


def test_the_board_is_the_best_twenty_over_all_shards(services, app, clock):
    seeded(services, list(range(1, 101)))
    answer = Device(app.test_client(), clock).get("/leaderboard")
    assert answer.status_code == 200
    assert [entry["clicks"] for entry in answer.json["entries"]] == list(range(100, 80, -1))
    assert answer.json["entries"][0] == {"rank": 1, "username": "player99", "clicks": 100}
    assert answer.json["globalClicks"] == 5050


def test_an_unchanged_board_is_not_sent_again(services, app, clock):
    seeded(services, [5])
    anyone = Device(app.test_client(), clock)
    first = anyone.get("/leaderboard")
    assert first.headers["Cache-Control"].startswith("public, max-age=5, stale-while-revalidate")
    again = anyone.get("/leaderboard", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    seeded(services, [9])
    clock.move(1)
    changed = anyone.get("/leaderboard", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json["version"] != first.json["version"]


def test_json_and_fragment_have_different_etags(app, clock):
    anyone = Device(app.test_client(), clock)
    etags = {anyone.get("/leaderboard", headers=h).headers["ETag"] for h in ({}, {"HX-Request": "true"})}
    assert len(etags) == 2


def test_me_shows_my_rank_and_my_neighbours(alice, services):
    seeded(services, [10, 20, 30])
    alice.tap(25)
    me = alice.get("/me").json
    assert (me["clicks"], me["rank"], me["username"]) == (25, 2, "alice")
    assert me["above"] == {"rank": 1, "username": "player2", "clicks": 30}
    assert me["below"] == {"rank": 3, "username": "player1", "clicks": 20}


def test_taps_of_all_shards_add_up_to_the_global_number(alice, app, clock, services):
    for player in range(2000, 2008):
        Device(app.test_client(), clock, player).opened().named(f"player{player}").tap(10)
    assert {services.taps.hot.keys.shard(player) for player in range(2000, 2008)} == {0, 1, 2, 3}
    clock.move(5)
    assert alice.tap(1).json["globalClicks"] == 81


def test_the_global_number_grows_with_every_tap_of_whichever_shard(alice, app, clock, services):
    """One process knows what it has counted, before it reads the totals of all shards again."""
    crowd = [
        Device(app.test_client(), clock, player).opened().named(f"player{player}")
        for player in range(2000, 2008)
    ]
    told = [device.tap(2).json["globalClicks"] for _ in range(3) for device in crowd]
    assert told == list(range(2, 2 * 24 + 1, 2))
    assert alice.get("/me").json["globalClicks"] == 48
    assert alice.post("/session/resume").json["globalClicks"] == 48


def test_what_is_counted_while_the_totals_are_read_is_not_forgotten(services, monkeypatch):
    board = services.leaderboard
    board.refresh()
    read = board.store.totals

    def slowly() -> list[int]:
        totals = read()
        board.learn(1, 7)
        return totals

    monkeypatch.setattr(board.store, "totals", slowly)
    assert board.refresh().global_clicks == board.everyone() == 7
    monkeypatch.setattr(board.store, "totals", read)
    assert board.refresh().global_clicks == 0, "what is in the store is true, also if it is less"


def test_a_new_username_shows_on_the_board(alice, clock):
    alice.tap(1)
    alice.post("/username", {"username": "alice_two"})
    clock.move(1)
    assert alice.get("/leaderboard").json["entries"][0]["username"] == "alice_two"


def test_two_players_can_have_the_same_clicks(alice, app, clock):
    alice.tap(5)
    Device(app.test_client(), clock, BOB).opened().named("bob").tap(5)
    clock.move(1)
    assert [entry["rank"] for entry in alice.get("/leaderboard").json["entries"]] == [1, 1]
