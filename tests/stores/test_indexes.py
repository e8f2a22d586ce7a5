"""Admin's questions are answered by indexes, however much is stored: every statement's plan on a filled database."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from clicker.admin.kept import KEPT_S
from clicker.settings import Settings
from clicker.stores.postgres import connection
from tests.web.admin.conftest import PASSWORD, Operator

ROWS = 20_000
FEW = 1000
"""What may be read whole or sorted: it fits into a page of an answer or two."""
PLAYER = 5_000_077
FILL = """
INSERT INTO player (id, username, username_key, first_name, language, clicks)
    SELECT 5000000 + n, 'robot_' || n, 'robot_' || n, '', 'en', n FROM generate_series(1, {rows}) n;
INSERT INTO session (id, player_id, state, acknowledged_sequence, deferred, opened_at, updated_at)
    SELECT 's' || n, 5000000 + n, 'closed', 0, 0, now(), now() FROM generate_series(1, {rows}) n;
INSERT INTO history (player_id, at, seconds, clicks)
    SELECT 5000000 + n, date_trunc('day', now()), 86400, n FROM generate_series(1, {rows}) n;
INSERT INTO anomaly (player_id, state, score, suspicious, signs, speed, variation, since, changed_at)
    SELECT 5000000 + n, (ARRAY['watched', 'flagged', 'trusted'])[1 + n %% 3], n %% 50, 1, 'even', 9, 0.01, now(), now()
    FROM generate_series(1, {rows}) n;
INSERT INTO block (player_id, since)
    SELECT 6000000 + n, now() - n * interval '1 minute' FROM generate_series(1, {rows}) n;
INSERT INTO audit (id, at, role, who, action, resource, request_id, address, details)
    SELECT 'a' || n, now() - n * interval '1 minute', CASE WHEN n %% 4000 = 0 THEN 'operator' ELSE 'player' END,
        CASE WHEN n %% 4000 = 0 THEN 'admin' ELSE (5000000 + n)::text END,
        (ARRAY['session.opened', 'username.set', 'login.ok', 'pace.held'])[1 + n %% 4],
        'player:' || 5000000 + n, '', '203.0.113.7', '{{}}' FROM generate_series(1, {rows}) n;
ANALYZE player, session, history, anomaly, block, audit
"""
LOOKS = {
    "page": ["/"],
    "now": ["/now"],
    "recent": ["/recent"],
    "players": ["/players", "/players?q=robot_12", f"/players?q={PLAYER}", "/players?q=nobody"],
    "player": [f"/players/{PLAYER}"],
    "anomalies": ["/anomalies", "/anomalies?state=watched", "/anomalies?state=trusted"],
    "audit": [
        "/audit",
        f"/audit?who={PLAYER}",
        "/audit?who=admin",
        "/audit?action=pace.held",
        f"/audit?resource=player:{PLAYER}",
        "/audit?since=2026-01-01T00:00&until=2027-12-31T00:00",
        f"/audit?who=admin&action=login.ok&resource=player:{PLAYER}",
    ],
}
NO_ROWS = {"login", "rq", "static"}
"""Pages that ask Postgres nothing, or are RQ's."""
ACTS = {
    "rename": ("username", {"username": "robert"}),
    "block": ("block", {}),
    "unblock": ("unblock", {}),
    "flag": ("flag", {}),
    "unflag": ("unflag", {}),
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, admin_password=PASSWORD)


@pytest.fixture
def asked(services: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Every statement that Postgres gets from now on, on a filled database."""
    with connection() as database:
        database.execute_sql(FILL.format(rows=ROWS))
    services.taps.rebuild()
    said: list[tuple[str, Any]] = []
    execute = services.postgres.execute_sql

    def noted(sql: str, params: Any = None, *rest: Any) -> Any:
        said.append((sql, params))
        return execute(sql, params, *rest)

    monkeypatch.setattr(services.postgres, "execute_sql", noted)
    return said


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from steps(inner)


def slow(said: list[tuple[str, Any]]) -> list[str]:
    """Statements of which a step reads or sorts more than a few rows."""
    found = []
    for sql, params in said:
        if (
            not re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql)
            or "pg_advisory" in sql
            or " FROM" not in sql
        ):
            continue
        with connection() as database:
            (plan,) = database.execute_sql(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchone()
        for step in steps((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]):
            if step["Node Type"] == "Seq Scan" or (step["Node Type"] == "Sort" and step["Plan Rows"] > FEW):
                found.append(f"{step['Node Type']} of {step.get('Relation Name', '')}: {sql} {params}")
    return found


def test_whatever_admin_asks_is_answered_by_an_index(app, asked, clock):
    operator = Operator(app)
    assert operator.try_(PASSWORD).status_code in (200, 302, 303)
    pages = {rule.endpoint.split(".")[1] for rule in app.url_map.iter_rules()
             if rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ())}  # fmt: skip
    assert pages - NO_ROWS == set(LOOKS), "a page is new: say here how it is asked"
    counts = {}
    for name, paths in LOOKS.items():
        before = len(asked)
        for path in paths:
            clock.move(KEPT_S)
            answer = operator.get(path)
            assert answer.status_code == 200, (path, answer.text[:300])
            older = re.search(r'href="/admin(/audit\?[^"]*older=[^"]*)"', answer.text)
            if older:
                assert operator.get(older[1].replace("&amp;", "&")).status_code == 200
        counts[name] = len(asked) - before
    for act, (path, data) in ACTS.items():
        answer = operator.post(f"/players/{PLAYER}/{path}", data)
        assert answer.status_code == 200, (act, answer.text[:300])
    assert all(counts[name] for name in ("page", "players", "player", "anomalies", "audit")), counts
    assert slow(asked) == []
