"""From the hot store to Postgres and back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from redis.exceptions import ResponseError

from clicker.clock import utc
from clicker.sessions.store import SESSIONS_REMEMBERED
from clicker.stores.postgres import connection
from clicker.taps import service
from clicker.taps.store import Claim, Remembered
from tests.conftest import wipe
from tests.player import Device


def ledger(player: int) -> int:
    with connection() as database:
        row = database.execute_sql("SELECT clicks FROM player WHERE id = %s", (player,)).fetchone()
    return int(row[0]) if row else 0


def test_a_flush_copies_clicks_and_sequences(alice, services):
    alice.tap(7, sequence=3)
    assert services.taps.flush() == 1
    assert ledger(alice.player) == 7
    assert services.sessions.ledger.get(alice.session).acknowledged_sequence == 3
    assert services.taps.flush() == 0
    assert services.taps.verify().agree


def test_verify_sees_a_difference(alice, services):
    alice.tap(7)
    assert not services.taps.verify().agree
    services.taps.flush()
    with connection() as database:
        database.execute_sql("UPDATE player SET clicks = 6")
    verdict = services.taps.verify()
    assert not verdict.agree
    assert verdict.mismatches == [(alice.player, 7, 6)]


def test_a_flush_never_lowers_a_count(alice, services):
    alice.tap(7)
    with connection() as database:
        database.execute_sql("UPDATE player SET clicks = 100")
    services.taps.flush()
    assert ledger(alice.player) == 100


class Crash(Exception):
    pass


@pytest.mark.parametrize(
    ("part", "name"),
    [("hot", "claim"), ("ledger", "_write_players"), ("ledger", "_write_sessions"), ("hot", "release")],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_flush_that_dies_anywhere_changes_nothing_that_the_next_does_not_mend(
    alice, services, part, name, after
):
    alice.tap(7)
    victim = getattr(services.taps, part)
    whole = getattr(victim, name)

    def dying(*args: object) -> object:
        if after:
            whole(*args)
        raise Crash

    setattr(victim, name, dying)
    with pytest.raises(Crash):
        services.taps.flush()
    setattr(victim, name, whole)
    alice.tap(5)
    services.taps.flush()
    assert ledger(alice.player) == 12
    assert services.taps.verify().agree


def test_a_tap_during_a_flush_is_flushed_next_time(alice, services):
    alice.tap(7)
    release = services.taps.hot.release

    def slow(k: int, claim: Claim, refused: list[str]) -> None:
        if claim.rows:
            alice.tap(1)
        release(k, claim, refused)

    services.taps.hot.release = slow
    services.taps.flush()
    services.taps.hot.release = release
    assert services.taps.hot.dirty() == 1
    services.taps.flush()
    assert ledger(alice.player) == 8


def test_a_flush_that_wakes_up_late_lets_go_of_nothing_that_another_has_taken_over(alice, services):
    taps, k = services.taps, services.taps.hot.keys.shard(alice.player)
    alice.tap(7)
    late, refused = taps.ledger.write(k, lambda: taps.hot.claim(k, 10), utc(0))
    alice.tap(5)
    assert len(taps.hot.claim(k, 10).rows) == 1  # of a flush that dies
    taps.hot.release(k, late, refused)
    assert taps.hot.dirty() == 1
    taps.flush()
    assert ledger(alice.player) == 12
    assert taps.hot.dirty() == 0


def test_a_session_that_is_being_flushed_is_not_forgotten_for_newer_ones(alice, services, clock):
    taps, k = services.taps, services.taps.hot.keys.shard(alice.player)
    alice.tap(7)
    taps.hot.claim(k, 10)  # of a flush that has not come to Postgres yet
    for number in range(SESSIONS_REMEMBERED):
        clock.move(1)
        services.sessions.hot.open(alice.player, f"newer{number}", "Alice", "en")
    assert alice.tap(7, sequence=1).headers["X-Idempotent-Replay"] == "true"
    taps.flush()
    assert ledger(alice.player) == 7


def test_a_claim_that_fails_midway_loses_no_mark(alice, services, app, clock):
    taps = services.taps
    for player in range(3000, 3020):
        Device(app.test_client(), clock, player).opened().named(f"player{player}").tap(2)
    alice.tap(7)
    key = taps.hot.keys.session(taps.hot.keys.shard(alice.player), alice.session)
    kept = services.redis.hgetall(key)
    services.redis.delete(key)
    services.redis.set(key, "broken")
    with pytest.raises(ResponseError):
        taps.flush()
    services.redis.delete(key)
    services.redis.hset(key, mapping=kept)
    taps.flush()
    assert taps.hot.dirty() == 0
    assert taps.verify().agree


def test_more_than_one_piece_is_flushed(services, app, clock, monkeypatch):
    monkeypatch.setattr(service, "FLUSHED_AT_ONCE", 3)
    for player in range(3000, 3020):
        Device(app.test_client(), clock, player).opened().named(f"player{player}").tap(2)
    services.taps.flush()
    assert services.taps.hot.dirty() == 0
    assert services.taps.verify().agree


def test_an_empty_hot_store_is_rebuilt(alice, services, app, clock):
    alice.tap(7)
    services.taps.seed([Remembered(5000 + i, i, f"seeded{i}", "S", "en") for i in range(1, 50)])
    services.taps.flush()
    before = services.leaderboard.refresh()
    wipe(services)
    assert not services.taps.ready()
    assert services.taps.rebuild() == 50
    assert services.taps.ready()
    assert services.leaderboard.refresh() == before
    assert alice.tap(1, sequence=2).json["myClicks"] == 8


def test_a_rebuild_while_people_play_lowers_nothing(alice, services):
    alice.tap(7)
    services.taps.flush()
    alice.tap(7)
    services.taps.rebuild()
    assert alice.clicks() == 14
    assert services.leaderboard.refresh().global_clicks == 14


def test_a_store_filled_for_other_shards_is_not_touched(alice, services):
    services.redis.set("{0}:ready", 9)
    assert not services.taps.ready()
    with pytest.raises(Exception, match="overloaded"):
        services.taps.rebuild()


def test_a_flush_in_pieces_never_writes_taps_without_their_sequence(alice, services, app, clock, monkeypatch):
    monkeypatch.setattr(service, "FLUSHED_AT_ONCE", 1)
    tablet = Device(app.test_client(), clock).opened()
    alice.tap(10)
    tablet.tap(20)
    k = services.taps.hot.keys.shard(alice.player)
    services.taps.ledger.write(k, lambda: services.taps.hot.claim(k, 1), utc(0))
    wipe(services)
    services.taps.rebuild()
    for device, delta in ((alice, 10), (tablet, 20)):
        assert device.tap(delta, sequence=1).headers["X-Idempotent-Replay"] == "true"
    assert alice.clicks() == 30


def test_two_rebuilds_at_once_count_deleted_players_once(alice, services):
    alice.tap(30)
    services.taps.flush()
    assert alice.call("DELETE", "/me").status_code == 204
    wipe(services)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: services.taps.rebuild(), range(4)))
    assert services.leaderboard.refresh().global_clicks == 30
    assert services.taps.verify().agree


def test_a_session_that_postgres_cannot_hold_does_not_stop_the_others(alice, services, app, clock):
    alice.tap(7)
    key = services.taps.hot.keys.player(services.taps.hot.keys.shard(alice.player), alice.player)
    services.redis.hset(key, "first_name", "half\0name")
    neighbours = [
        Device(app.test_client(), clock, player).opened().named(f"p{player}") for player in range(60, 70)
    ]
    for neighbour in neighbours:
        neighbour.tap(3)
    services.taps.flush()
    assert [ledger(neighbour.player) for neighbour in neighbours] == [3] * len(neighbours)
    assert services.taps.hot.dirty() == 1
    services.redis.hset(key, "first_name", 'back\\slash "quoted", {braced}')
    services.taps.flush()
    assert (ledger(alice.player), services.taps.hot.dirty()) == (7, 0)
    with connection() as database:
        row = database.execute_sql("SELECT first_name FROM player WHERE id = %s", (alice.player,)).fetchone()
    assert row[0] == 'back\\slash "quoted", {braced}'
