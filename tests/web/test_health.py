"""Health, headers, the shell."""

from dataclasses import replace

import pytest

from clicker import wiring
from clicker.stores.postgres import connection
from clicker.web.app import create_app
from clicker.web.health import progress
from tests.conftest import wipe


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(progress, "started", False)
    monkeypatch.setattr(progress, "migrated", False)


def test_a_whole_service_is_ready(app):
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"store": "ok", "postgres": "ok", "migrations": "ok"}}


def test_an_empty_hot_store_is_not_ready_but_alive(app, services):
    wipe(services)
    client = app.test_client()
    assert client.get("/health/startup").status_code == 503
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    services.taps.rebuild()
    assert client.get("/health/startup").status_code == 200
    wipe(services)
    assert client.get("/health/startup").status_code == 200


@pytest.mark.parametrize("part", ["store", "postgres"])
def test_what_is_away_is_named_and_the_rest_is_judged_all_the_same(app, settings, part):
    nowhere = {
        "store": {"redis_url": "redis://127.0.0.1:1"},
        "postgres": {"database_url": "postgresql://127.0.0.1:1/none"},
    }
    broken = wiring.build(replace(settings, **nowhere[part]))
    client = create_app(broken).test_client()
    try:
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json["status"]) == (503, "not ready")
        checks = answer.json["checks"]
        assert "Error" in checks[part], "the reason"
        if part == "store":
            assert checks == {"store": checks["store"], "postgres": "ok", "migrations": "ok"}
        else:
            assert checks == {"store": "ok", "postgres": checks["postgres"], "migrations": "unknown"}
        assert client.get("/health/startup").status_code == 503
        assert client.get("/health/live").status_code == 200
    finally:
        broken.postgres.close_all()
        wiring.build(settings)


def test_a_process_that_was_told_to_stop_says_so_before_anything_else(app, monkeypatch):
    monkeypatch.setattr(progress, "leaving", True)
    answer = app.test_client().get("/health/ready")
    assert (answer.status_code, answer.json["checks"]) == (503, {"process": "stopping"})
    assert app.test_client().get("/health/live").status_code == 200


def test_a_pending_migration_is_not_ready(app):
    with connection() as database:
        database.execute_sql("UPDATE schema_migration SET name = name || '_'")
    try:
        answer = app.test_client().get("/health/ready")
    finally:
        with connection() as database:
            database.execute_sql("UPDATE schema_migration SET name = left(name, -1)")
    assert answer.status_code == 503
    assert "pending" in answer.json["checks"]["migrations"]


def test_every_answer_forbids_what_is_not_ours(app):
    for path in ("/", "/leaderboard", "/health/live", "/nowhere"):
        headers = app.test_client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors https://web.telegram.org https://*.telegram.org" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Request-Id"]


def test_the_shell_can_be_cached_and_is_not_sent_again(app):
    first = app.test_client().get("/", headers={"Accept": "text/html"})
    assert first.status_code == 200
    assert "public" in first.headers["Cache-Control"]
    again = app.test_client().get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_static_file_with_its_digest_is_kept_for_ever(app):
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("css/app.css")
    assert "immutable" in app.test_client().get(address).headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["n" * 300, "n/" * 2100, "%00", "js/app.js%00.css", "js", "..%2f..%2fetc/passwd"]
)
@pytest.mark.parametrize("digest", ["", "0123456789ab/"])
def test_a_name_that_no_static_file_can_have_is_not_found(app, digest, name):
    assert app.test_client().get(f"/static/{digest}{name}").status_code == 404
