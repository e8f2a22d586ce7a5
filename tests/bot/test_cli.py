"""`flask bot`, against the sandbox."""

import os
import subprocess
import sys

from tests.bot.town import Town
from tests.processes import ROOT


def flask(town: Town, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "bot", *words]
    env = {**os.environ, **town.sandbox.environment, **environment}
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_commands_are_set_again(town: Town) -> None:
    before = town.stats()["calls"]["setMyCommands"]
    assert "menu button are set" in flask(town, "commands").stdout
    assert town.stats()["calls"]["setMyCommands"] == before + 6


def test_a_webhook_needs_an_address_and_a_secret(town: Town) -> None:
    done = flask(town, "set-webhook")
    assert done.returncode == 1
    assert "Set PUBLIC_URL and WEBHOOK_SECRET first." in done.stderr


def test_a_telegram_that_is_away_is_one_line(town: Town) -> None:
    done = flask(town, "delete-webhook", TELEGRAM_API_BASE="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "Telegram can't be reached" in done.stderr
    assert "Traceback" not in done.stderr
