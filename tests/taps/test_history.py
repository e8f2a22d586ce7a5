"""History adds up to the players' clicks, whatever happens."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

from psycopg2 import InterfaceError

from clicker.clock import utc
from clicker.stores.postgres import Errors, connection
from clicker.taps import history
from clicker.taps.history import DAY_S, HOUR_S, MINUTE_S
from clicker.taps.store import Remembered
from tests.conftest import wipe
from tests.player import Device
from tests.telegram import BOB


def rows(player: int) -> list[tuple[datetime, int, int]]:
    return [(row["at"], row["seconds"], row["clicks"]) for row in history.LedgerHistory().of(player)]


def clicks(player: int) -> list[int]:
    return [row[2] for row in rows(player)]


def test_each_minute_gets_what_was_added_in_it(alice, services, clock):
    minute = utc(int(clock() // 60 * 60_000))
    alice.tap(7)
    services.taps.flush()
    alice.tap(5)
    services.taps.flush()
    clock.move(60)
    alice.tap(2)
    services.taps.flush()
    assert rows(alice.player) == [(minute, MINUTE_S, 12), (minute + timedelta(minutes=1), MINUTE_S, 2)]


def test_a_second_flush_of_the_same_claim_adds_nothing(alice, services, clock):
    alice.tap(7)
    k = services.taps.hot.keys.shard(alice.player)
    for _ in range(3):
        services.taps.ledger.write(k, lambda: services.taps.hot.claim(k, 10), utc(0))
    assert clicks(alice.player) == [7]


def test_a_count_that_is_lower_than_what_postgres_knows_adds_nothing(alice, services):
    alice.tap(7)
    services.taps.flush()
    services.redis.hset(
        services.taps.hot.keys.player(services.taps.hot.keys.shard(alice.player), alice.player), "clicks", 3
    )
    alice.tap(1)
    services.taps.flush()
    assert clicks(alice.player) == [7]


def test_a_flush_that_dies_at_any_statement_leaves_the_sums_right(alice, services, app, clock, monkeypatch):
    bob = Device(app.test_client(), clock, BOB).opened().named("bob")
    whole = services.postgres.execute_sql

    def dies(at: int) -> bool:
        """Cuts the connection right after a statement, as a kill of either side would."""
        left = at

        def dying(*args: object, **more: object) -> object:
            nonlocal left
            answer, left = whole(*args, **more), left - 1
            if left < 0:
                services.postgres.connection().close()
            return answer

        with monkeypatch.context() as patch, suppress(*Errors, InterfaceError):
            patch.setattr(services.postgres, "execute_sql", dying)
            services.taps.flush()
        return left < 0

    for made in count(1):
        alice.tap(1)
        bob.tap(1)
        died = dies(at=made - 1)
        assert services.taps.history.different() == 0
        if not died:
            break
    assert made > 10
    assert (sum(clicks(alice.player)), sum(clicks(BOB))) == (made, made)
    assert services.taps.verify().agree


def test_seeded_rebuilt_and_deleted_players_add_up(alice, services, clock):
    made_up = [Remembered(5000 + i, i, f"seeded{i}", "S", "en") for i in range(1, 50)]
    services.taps.seed(made_up)
    services.taps.seed(made_up)
    alice.tap(7)
    services.taps.flush()
    wipe(services)
    services.taps.rebuild()
    assert services.taps.verify().agree
    alice.tap(4, sequence=9)
    services.taps.flush()
    services.players.forget(alice.player)
    assert clicks(alice.player) == []
    assert services.taps.verify().agree


def test_verify_sees_history_that_does_not_add_up(alice, services):
    alice.tap(7)
    services.taps.flush()
    for wrong in ("UPDATE history SET clicks = clicks - 1", "DELETE FROM history",
                  "INSERT INTO history VALUES (77, now(), 60, 5)"):  # fmt: skip
        with connection() as database:
            database.execute_sql(wrong)
        verdict = services.taps.verify()
        assert verdict.history_differs >= 1
        assert not verdict.agree


def test_old_minutes_become_hours_and_old_hours_days_with_the_same_sum(alice, services, clock):
    clock.now = 1_800_000_000 // DAY_S * DAY_S
    total = 0
    for _ in range(5):
        total += alice.tap(10).json["accepted"]
        services.taps.flush()
        clock.move(25 * 60)
    assert [row[1] for row in rows(alice.player)] == [MINUTE_S] * 5
    clock.move(3 * HOUR_S)
    assert services.taps.sum_up_history() == 5
    assert [(row[1], row[2]) for row in rows(alice.player)] == [(HOUR_S, 30), (HOUR_S, 20)]
    assert services.taps.sum_up_history() == 0
    clock.move(32 * DAY_S)
    services.taps.sum_up_history()
    assert [(row[1], row[2]) for row in rows(alice.player)] == [(DAY_S, total)]
    assert services.taps.verify().agree


def test_late_minutes_join_the_hour_that_is_there(alice, services, clock, monkeypatch):
    monkeypatch.setattr(history, "SUMMED_AT_ONCE", 2)
    generator = random.Random(5)
    for _ in range(12):
        alice.tap(generator.randint(1, 20))
        services.taps.flush()
        clock.move(50)
    before = sum(clicks(alice.player))
    clock.move(DAY_S)
    while services.taps.sum_up_history():
        assert sum(clicks(alice.player)) == before
    assert {row[1] for row in rows(alice.player)} == {HOUR_S}
    assert len(rows(alice.player)) <= 2


def test_a_late_flush_summarises_minutes_and_a_figure_says_how_many(alice, services, clock):
    clock.now = clock.now // 60 * 60
    services.taps.flush()
    for _ in range(5):
        clock.move(60)
        alice.tap(3)
    services.taps.flush()
    assert clicks(alice.player) == [15], "all is there, as of the last minute"
    assert services.taps.counted.minutes_summarised == 4
    clock.move(60)
    alice.tap(1)
    services.taps.flush()
    clock.move(3600)
    services.taps.flush()
    assert services.taps.counted.minutes_summarised == 4, (
        "a flush in every minute is on time, and an idle hour is none"
    )
    assert services.metrics.figures().total("clicker_history_minutes_summarised_total") == 4


def test_minutes_that_wait_to_be_put_together_are_a_figure(alice, services, clock, monkeypatch):
    monkeypatch.setattr(history, "SUMMED_AT_ONCE", 1)
    monkeypatch.setattr("clicker.taps.service.SUMMED_PIECES", 1)
    services.metrics.begin("worker")
    services.metrics.feels.append(services.metrics.rooms.history)
    clock.now = clock.now // 60 * 60

    def overdue() -> float:
        services.metrics.publish()
        return services.metrics.figures().total("clicker_history_overdue_seconds")

    for _ in range(3):
        alice.tap(1)
        services.taps.flush()
        clock.move(60)
    clock.move(4 * HOUR_S)
    services.taps.sum_up_history()
    assert overdue() == HOUR_S + 120, "one is done, the next should have been"
    services.taps.sum_up_history()
    services.taps.sum_up_history()
    assert overdue() == 0
    assert alice.tap(1).json["accepted"] == 1
    clock.move(200)
    assert services.taps.history_overdue_s() is None, "another worker's job knows better by now"
    assert services.taps.verify().history_differs == 0
