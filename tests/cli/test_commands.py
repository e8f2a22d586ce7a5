"""The operator's commands."""

import json
import time

import pytest

from clicker.cli import register
from clicker.clock import utc
from clicker.pace.rules import Sample
from tests.conftest import wipe


@pytest.fixture
def flask(app):
    register(app)
    runner = app.test_cli_runner()

    def run(*words: str, code: int = 0):
        result = runner.invoke(args=list(words))
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_every_command_has_help(flask, app):
    flask("--help")
    for group, command in app.cli.commands.items():
        assert command.help or command.short_help, group
        for name, sub in getattr(command, "commands", {}).items():
            assert sub.help, f"{group} {name}"


def test_a_player_is_exported_as_to_themselves(flask, alice, services):
    alice.tap(5)
    services.taps.flush()
    given, printed = alice.get("/me/export").json, json.loads(flask("players", "export", "alice"))
    assert printed["player"] == given["player"]
    assert [entry["action"] for entry in printed["audit"]].count("data.exported") == 2
    assert {**printed, "audit": []} == {**given, "audit": []}


def test_players_are_shown_renamed_and_deleted(flask, alice):
    alice.tap(5)
    assert json.loads(flask("players", "show", "alice", "--json"))["clicks"] == 5
    assert "alice" in flask("players", "show", str(alice.player))
    flask("players", "rename", "alice", "alicia")
    assert "username_taken" not in flask("players", "show", "ALICIA")
    assert "Too short" in flask("players", "rename", "alicia", "a", code=1)
    flask("players", "delete", "alicia", "--yes")
    assert "don't know" in flask("players", "show", "alicia", code=1)


def test_taps_are_flushed_and_verified(flask, alice):
    alice.tap(5)
    assert "DIFFER" in flask("taps", "verify", code=1)
    assert "1 sessions flushed" in flask("taps", "flush")
    assert json.loads(flask("taps", "verify", "--json"))["agree"] is True


def test_the_board_is_shown_and_rebuilt(flask, alice, services):
    alice.tap(5)
    flask("taps", "flush")
    wipe(services)
    assert "1 players are in the hot store" in flask("leaderboard", "rebuild")
    assert json.loads(flask("leaderboard", "top", "--json"))["globalClicks"] == 5
    assert "alice" in flask("leaderboard", "top")


def test_past_boards_and_figures_are_shown(flask, alice, services, clock):
    alice.tap(5)
    services.leaderboard.keep()
    services.metrics.begin("web")
    services.metrics.publish()
    services.metrics.keep()
    now = f"{utc(int(clock() * 1000)):%Y-%m-%d %H:%M}"
    assert "alice" in flask("leaderboard", "at", now)
    assert json.loads(flask("leaderboard", "at", now, "--json"))["at"] == f"{now} UTC"
    assert "as old as that" in flask("leaderboard", "at", "2020-01-01", code=1)
    told = json.loads(flask("metrics", "past", "clicker_taps_accepted_total", "--json"))
    assert told == [{"at": now, "series": "", "value": 5.0}]
    assert "web" in flask("metrics", "past", "clicker_processes")


def test_sessions_are_listed_and_reaped(flask, alice, clock):
    assert alice.session in flask("sessions", "list")
    clock.move(61)
    assert "1 paused, 0 closed" in flask("sessions", "reap")
    assert json.loads(flask("sessions", "list", "--json")) == {"active": 0, "sessions": []}


def test_the_schema_is_shown_and_upgraded(flask):
    assert all(row["applied"] for row in json.loads(flask("db", "status", "--json")))
    assert "nothing to do" in flask("db", "upgrade")


def test_seeding_fills_both_stores_and_is_fast(flask, services):
    begun = time.monotonic()
    flask("seed", "--players", "20000")
    assert time.monotonic() - begun < 20
    verdict = services.taps.verify()
    assert verdict.agree
    assert verdict.players == 20_000


def test_a_store_that_is_away_is_one_clear_line(flask, services, monkeypatch):
    monkeypatch.setattr(services.redis.connection_pool, "connection_kwargs", {"host": "127.0.0.1", "port": 1})
    services.redis.connection_pool.disconnect()
    services.redis.connection_pool.reset()
    output = flask("sessions", "list", code=1)
    assert "hot store does not answer" in output
    assert "Traceback" not in output


def test_the_pace_is_shown_held_and_released(flask, services, clock):
    services.pace.sample("web:1", Sample(clock(), loop_ms=3))
    assert "calm: nothing is wrong" in flask("pace", "show")
    flask("pace", "hold", "strained")
    shown = json.loads(flask("pace", "show", "--json"))
    assert (shown["level"], shown["held"], shown["flushMs"]) == ("strained", "strained", 5000)
    assert "now calm" in flask("pace", "release")
    flask("pace", "hold", "relaxed", code=2)


def test_what_the_operator_does_is_in_the_audit_log(flask, alice):
    flask("players", "rename", "alice", "alicia")
    flask("pace", "hold", "busy")
    flask("pace", "release")
    flask("taps", "flush")
    flask("leaderboard", "rebuild")
    flask("players", "block", "alicia")
    flask("players", "unblock", "alicia")
    flask("players", "delete", "alicia", "--yes")
    listed = json.loads(flask("audit", "list", "--json"))
    assert {entry["action"] for entry in listed if entry["role"] == "operator"} == {
        "username.changed",
        "pace.held",
        "pace.released",
        "taps.flushed",
        "board.rebuilt",
        "player.blocked",
        "player.unblocked",
        "player.deleted",
    }
    assert all(entry["who"].startswith("cli:") for entry in listed if entry["role"] == "operator")
    assert "pace.held  pace  by operator cli:" in flask("audit", "list", "--action", "pace.held")


def test_a_player_is_flagged_listed_and_unflagged(flask, alice):
    assert "flagged" in flask("anomalies", "flag", "alice")
    rows = json.loads(flask("anomalies", "list", "--state", "flagged", "--json"))
    assert [row["player"] for row in rows] == [alice.player]
    flask("anomalies", "unflag", str(alice.player))
    assert "trusted" in flask("anomalies", "list")
    assert "don't know" in flask("anomalies", "flag", "nobody", code=1)
