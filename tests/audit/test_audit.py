"""The audit log: what is recorded, that it stays, that it can be found, and that it ends."""

import json

import pytest
import redis

from clicker.audit import service
from clicker.audit.rules import Action, Actor, Wanted, clean_address
from clicker.errors import BadField
from clicker.stores.keys import Keys
from clicker.stores.postgres import Errors, connection
from tests.player import Device
from tests.telegram import ALICE, BOB, init_data

DAY_S = 86_400


def entries(services, **wanted):
    services.audit.move()
    return services.audit.search(Wanted(**wanted)).entries


def actions(services, **wanted):
    """Sorted: the clock of the tests stands still, and what was done in one millisecond has no order."""
    return sorted(entry["action"] for entry in entries(services, **wanted))


def sql(statement: str, *parameters: object) -> list[tuple]:
    with connection() as database, database.atomic():
        cursor = database.execute_sql(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def test_what_a_player_does_is_recorded_with_request_and_address(alice, services):
    headers = {"X-Request-Id": "the-request"}
    alice.post("/username", {"username": "alicia"}, headers=headers)
    alice.get("/me/export")
    assert actions(services) == ["data.exported", "session.opened", "username.changed", "username.set"]
    changed = entries(services, action="username.changed")[0]
    assert changed | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "role": "player",
        "who": str(ALICE),
        "action": "username.changed",
        "resource": f"player:{ALICE}",
        "request_id": "the-request",
        "address": "127.0.0.1",
        "details": {"before": "alice", "username": "alicia"},
    }


def test_the_same_username_again_is_no_change(alice, services):
    alice.named("alice")
    assert actions(services, action="username.changed") == []


def test_taps_are_not_recorded(alice, services):
    services.audit.move()
    alice.tap(3)
    assert services.audit.waiting() == 0


def test_a_session_is_recorded_once_a_day_and_address(alice, services, clock):
    opened = {"init_data": init_data(ALICE, now=clock())}
    alice.opened()
    alice.post("/session", opened, environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
    services.audit.move()
    alice.opened()
    assert len(entries(services, action="session.opened")) == 2
    clock.move(DAY_S)
    alice.opened()
    assert len(entries(services, action="session.opened")) == 3


def test_moving_is_safe_to_repeat_and_to_interrupt(alice, services, monkeypatch):
    drop = services.audit.hot.drop
    with monkeypatch.context() as patch:
        patch.setattr(services.audit.hot, "drop", lambda ids: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.audit.move()
    assert services.audit.waiting() == 2
    assert services.audit.move() == 2
    assert len(entries(services)) == 2
    assert drop


def test_everything_that_waits_is_moved(services, monkeypatch):
    monkeypatch.setattr(service, "MOVED_AT_ONCE", 3)
    for number in range(10):
        services.audit.record(Action.PACE_HELD, Actor.operator(f"op{number}"))
    assert services.audit.move() == 10
    assert len(entries(services)) == 10


def test_an_entry_that_postgres_cannot_hold_does_not_stop_the_others(services):
    services.audit.record(Action.PACE_HELD, Actor.operator("nul\0nul"))
    services.redis.xadd(Keys.AUDIT, {"entry": json.dumps({"id": "x", "address": "nonsense"})})
    services.audit.record(Action.PACE_RELEASED, Actor.operator("op"))
    assert actions(services) == ["pace.held", "pace.released"]


def test_with_postgres_away_acts_wait(alice, services, monkeypatch):
    def away(*_: object) -> None:
        raise Errors[0]("away")

    with monkeypatch.context() as patch:
        patch.setattr(services.audit.ledger, "write", away)
        services.audit.record(Action.PACE_HELD, Actor.operator("op"))
        with pytest.raises(Errors):
            services.audit.move()
    assert "pace.held" in actions(services)


def test_with_the_audit_streams_store_away_play_goes_on_and_all_else_fails_clearly(
    app, services, clock, monkeypatch
):
    alice = Device(app.test_client(), clock).opened().named("alice")

    def away(_: object) -> None:
        raise redis.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(services.audit.hot, "push", away)
        alice.opened()
        refused = alice.post("/username", {"username": "alicia"})
        assert (refused.status_code, refused.json["error"]["code"]) == (503, "overloaded")
    assert alice.post("/username", {"username": "alicia"}).status_code == 200
    assert actions(services, action="username.changed") == ["username.changed"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'nothing'",
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "SET LOCAL clicker.audit = 'privacy'; UPDATE audit SET action = 'nothing'",
        "SET LOCAL clicker.audit = 'privacy'; UPDATE audit SET at = now()",
        "SET LOCAL clicker.audit = 'privacy'; DELETE FROM audit",
        "SET LOCAL clicker.audit = 'retention'; UPDATE audit SET who = 'nobody'",
        "SET LOCAL clicker.audit = 'retention'; TRUNCATE audit",
    ],
)
def test_entries_can_be_neither_changed_nor_removed(alice, services, statement):
    before = entries(services)
    assert before
    with pytest.raises(Errors, match="append-only"):
        sql(statement)
    assert entries(services) == before


def test_what_lets_a_job_through_ends_with_its_transaction(alice, services):
    services.audit.move()
    services.audit.retain()
    with pytest.raises(Errors, match="append-only"):
        sql("DELETE FROM audit")


def test_entries_are_found_by_who_what_on_what_and_when_a_page_at_a_time(alice, services, app, clock):
    bob = Device(app.test_client(), clock, BOB).opened().named("bob")
    clock.move(3600)
    for number in range(5):
        bob.named(f"bob{number}")
    operator = Actor.operator("cli:root")
    services.players.choose_username(BOB, "robert", operator)
    assert actions(services, who="cli:root") == ["username.changed"]
    assert len(entries(services, resource=f"player:{BOB}")) == 7
    assert len(entries(services, who=str(BOB), action="username.changed")) == 5
    assert len(entries(services, until=clock() - 60)) == 4
    assert len(entries(services, since=clock() - 60)) == 6
    seen, older = [], ""
    while True:
        page = services.audit.search(Wanted(), older, most=4)
        seen += [entry["id"] for entry in page.entries]
        older = page.older
        if not older:
            break
    assert len(seen) == len(set(seen)) == 10
    assert seen == [entry["id"] for entry in entries(services)]
    with pytest.raises(BadField):
        services.audit.search(Wanted(), "nonsense")


def test_a_search_uses_an_index(services):
    for condition in ("who = 'a'", "action = 'a'", "resource = 'a'", "at < now()"):
        plan = sql(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;"
            f" EXPLAIN SELECT * FROM audit WHERE {condition} ORDER BY at DESC, id DESC LIMIT 50"
        )
        assert "Index Scan Backward" in plan[1][0], (condition, plan)


def test_entries_end_after_their_time_and_addresses_after_thirty_days(services, clock):
    for address in ("203.0.113.77", "2001:db8:1:2:3:4:5:6", "::ffff:198.51.100.9", "unix:"):
        services.audit.record(Action.LOGIN_FAILED, Actor.operator("admin", address))
    services.audit.note(Action.SESSION_OPENED, Actor.player(ALICE, "203.0.113.77"))
    services.audit.move()
    clock.move(29.9 * DAY_S)
    assert services.audit.retain() == (0, 0)
    assert {e["address"] for e in entries(services)} == {
        "203.0.113.77",
        "2001:db8:1:2:3:4:5:6",
        "198.51.100.9",
        None,
    }
    clock.move(0.2 * DAY_S)
    assert services.audit.retain() == (1, 3)
    assert services.audit.retain() == (0, 0)
    kept = entries(services)
    assert {e["address"] for e in kept} == {"203.0.113.0/24", "2001:db8:1::/48", "198.51.100.0/24", None}
    assert {e["action"] for e in kept} == {"login.failed"}
    clock.move(335 * DAY_S)
    assert services.audit.retain() == (4, 0)
    assert entries(services) == []


def test_an_address_is_in_its_usual_form():
    assert clean_address("2001:DB8::0001") == "2001:db8::1"
    assert clean_address("::ffff:192.0.2.1") == "192.0.2.1"
    assert clean_address("somewhere") == clean_address("") == ""
