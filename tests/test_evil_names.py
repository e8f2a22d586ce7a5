"""Hostile names are refused, and where one is shown all the same it is only text: in the Mini App and in logs.

The bot's part is in tests/bot/test_evil_names.py.
"""

import json
import subprocess
import sys

import pytest

from clicker.players.rules import clean_name
from tests.evil import EVIL
from tests.processes import ROOT

LOG = """
import logging, sys
from clicker import logs
from clicker.settings import Settings
logs.setup(Settings(log_format=sys.argv[1]))
evil = sys.stdin.read()
logging.getLogger("x").warning("name: %s", evil, extra={"path": evil})
"""


@pytest.mark.parametrize("kind", EVIL)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_no_hostile_name_becomes_a_username(alice, kind, headers):
    answer = alice.call("POST", "/username", {"username": EVIL[kind]}, headers=headers)
    assert answer.status_code in (413, 422)
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "<b " not in answer.text
    assert "<tg-" not in answer.text
    assert alice.get("/me").json["username"] == "alice"


@pytest.mark.parametrize("kind", EVIL)
def test_a_hostile_name_that_got_into_the_store_is_only_text_in_every_fragment(alice, services, kind):
    services.players.hot.put_username(alice.player, EVIL[kind])
    alice.tap(3)
    services.leaderboard.refresh()
    shown = [
        alice.call(method, path, headers={"HX-Request": "true"})
        for method, path in (("GET", "/leaderboard"), ("POST", "/session/resume"), ("GET", "/me"))
    ]
    for answer in shown:
        assert answer.status_code in (200, 201)
        for tag in ("<script", "<img", "<b data-evil", "<a href", "<tg-"):
            assert tag not in answer.text
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", EVIL)
def test_a_first_name_turns_no_line_around(kind):
    cleaned = clean_name(EVIL[kind])
    assert cleaned.isprintable() or kind == "emoji"  # joiners hold families together
    assert not set(cleaned) & set("\u202e\u2066\u200f\n\r\x1b")
    assert len(cleaned) <= 64


@pytest.mark.parametrize("kind", EVIL)
@pytest.mark.parametrize("form", ["json", "text"])
def test_a_hostile_name_stays_within_its_line_of_the_log(kind, form):
    argv = [sys.executable, "-c", LOG, form]
    done = subprocess.run(
        argv, input=EVIL[kind].encode(), capture_output=True, cwd=ROOT, timeout=30, check=True
    )
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 1, lines
    assert not set(lines[0]) & set("\u202e\u2066\u200f\x1b")
    if form == "json":
        assert EVIL[kind].replace("\r\n", "\n") in json.loads(lines[0])["event"].replace("\r\n", "\n")
