"""Whatever admin asks of Postgres has an index that fits and a time limit, in a ledger of a good size."""

import json
from typing import Any

import pytest

from clicker.admin.kept import KEPT_S
from clicker.stores.postgres import connection
from clicker.web.admin.door import ACT_MS, LOOK_MS
from tests.telegram import ALICE

FILL = """
INSERT INTO player (id, username, username_key, first_name, language, clicks)
    SELECT n, 'player_' || n, 'player_' || n, 'P', 'en', n FROM generate_series(10000, 60000) n;
INSERT INTO block (player_id, since) SELECT n, now() - n * interval '1 s' FROM generate_series(10000, 20000) n;
INSERT INTO anomaly
    SELECT n, (ARRAY['flagged', 'watched', 'trusted'])[1 + n %% 3], n %% 7, 3, 'even', 9, 0.1, now(), now()
    FROM generate_series(10000, 40000) n;
INSERT INTO audit SELECT 'a' || n, now() - n * interval '1 s',
    CASE WHEN n > 99900 THEN 'operator' ELSE 'player' END, CASE WHEN n > 99900 THEN 'admin' ELSE (n %% 5000)::text END,
    CASE WHEN n > 99900 THEN 'pace.held' ELSE 'session.opened' END, 'player:' || n %% 5000, '', NULL, '{}', NULL
    FROM generate_series(1, 100000) n;
ANALYZE player, block, anomaly, audit;
"""
LOOKS = (
    "/",
    "/recent",
    "/players",
    "/players?q=player_5",
    "/players?q=12345",
    f"/players/{ALICE}",
    "/anomalies?state=flagged",
    "/anomalies?state=watched",
    "/anomalies?state=trusted",
    "/audit",
    "/audit?who=77",
    "/audit?action=pace.held",
    "/audit?resource=player:77",
    "/audit?since=2020-01-01T00:00&until=2030-01-01T00:00",
    "/audit?who=77&action=session.opened&resource=player:77&since=2020-01-01T00:00",
    "/audit?older=2026-01-01T00:00:00~a5",
)
ACTS = (
    ("/pace", {"level": "busy"}),
    ("/flush", {}),
    (f"/players/{ALICE}/username", {"username": "carol"}),
    (f"/players/{ALICE}/flag", {}),
    (f"/players/{ALICE}/unflag", {}),
    (f"/players/{ALICE}/block", {}),
    (f"/players/{ALICE}/unblock", {}),
)
BLOCKS = 120
"""Pages of 8 KB that one question may look at: 50 entries and the way to them."""


@pytest.fixture
def asked(services):
    """What is sent to Postgres, with its parameters."""
    statements: list[tuple[str, Any]] = []

    def note(event: Any) -> None:
        statements.append((event.sql, event.params))

    services.postgres.query_hooks.append(note)
    yield statements
    services.postgres.query_hooks.remove(note)


@pytest.fixture
def filled(services, alice):
    with connection() as database:
        database.execute_sql(FILL)


def plan(sql: str, params: Any) -> dict[str, Any]:
    """How Postgres answers, and what it cost; nothing stays of it."""
    with connection() as database, database.atomic() as transaction:
        found = database.execute_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params).fetchone()[0]
        transaction.rollback()
    return dict((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(inner for child in node.get("Plans", []) for inner in nodes(child))]


def check(sql: str, params: Any) -> None:
    found = plan(sql, params)
    for node in nodes(found):
        assert node["Node Type"] != "Seq Scan", f"reads all of {node['Relation Name']}: {sql} {params}"
    blocks = found["Shared Hit Blocks"] + found["Shared Read Blocks"]
    assert blocks < BLOCKS, f"{blocks} blocks: {sql} {params}"


def limited(statements: list[tuple[str, Any]], limit_ms: int) -> list[tuple[str, Any]]:
    """The statements without those around them. Every connection is given this limit first, and loses it again."""
    around = {"SELECT 1": 0, f"SET statement_timeout = {limit_ms}": 0, "RESET statement_timeout": 0}
    rest = []
    for sql, params in statements:
        if sql in around:
            around[sql] += 1
        elif sql.split()[0] not in ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT"):
            rest.append((sql, params))
    assert len(set(around.values())) == 1, around
    return rest


def test_every_question_of_admin_has_an_index_and_a_time_limit(operator, filled, asked, clock):
    seen = set()
    for path in LOOKS:
        clock.move(KEPT_S)
        del asked[:]
        assert operator.get(path).status_code == 200, path
        for sql, params in limited(asked.copy(), LOOK_MS):
            check(sql, params)
            seen.add(sql)
    assert len(seen) >= 12, "all kinds of questions were asked"


def test_every_act_of_admin_has_an_index_and_a_time_limit(operator, filled, asked):
    seen = set()
    for path, data in ACTS:
        del asked[:]
        assert operator.post(path, data).status_code == 200, path
        statements = [
            it for it in asked if "timeout" not in it[0] or str(ACT_MS) in it[0] or "RESET" in it[0]
        ]
        for sql, params in limited(statements, ACT_MS):
            if "pg_advisory" not in sql:
                check(sql, params)
                seen.add(sql)
    assert len(seen) >= 6, "all kinds of acts were done"
