"""The benchmark of the bot in short: thousands of live chats in the strict sandbox draw no 429."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import Stores
from tests.processes import ROOT


def measured(folder: Path, stores: Stores, *arguments: str) -> dict[str, Any]:
    """The benchmark's figures. A process of its own, because it brings its own services."""
    figures = folder / "bot.json"
    argv = [
        sys.executable,
        "-m",
        "bench.bot",
        "--to",
        str(figures),
        "--database-url",
        stores.database_url,
        "--changes",
        "0",
    ]
    argv += arguments
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert figures.exists(), done.stderr[-2000:]
    return dict(json.loads(figures.read_text()))


def test_thousands_of_live_chats_newcomers_and_refreshes_draw_no_429_from_two_bots(
    tmp_path: Path, stores: Stores
) -> None:
    """Two processes on one webhook: the budget is shared, or each of them would send 27 a second."""
    report = measured(tmp_path, stores, "--chats", "2000", "--seconds", "8", "--bots", "2")
    assert report["429"] == 0
    assert report["unanswered"] == 0
    assert report["replies"] > 100
    assert report["reply p50, s"] < 1
    assert report["outbox"]["edited"] > 30, "live messages were renewed meanwhile"


def test_the_same_load_with_the_outbox_switched_off_draws_429s(tmp_path: Path, stores: Stores) -> None:
    assert measured(tmp_path, stores, "--chats", "300", "--seconds", "3", "--without-outbox")["429"] > 0
