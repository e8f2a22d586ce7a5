"""Lighthouse's mobile profile on the Mini App as a player opens it: `make lighthouse`. Exits with 1 below a figure.

The address bears signed launch parameters, so the game really opens. Telegram's script comes from this server, as in
the sandbox: a copy of the real one, so its bytes and its work are in the figures. The median of three runs counts.
"""

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

from tests.browser import chromium, executable
from tests.journeys.phone import Phone
from tests.journeys.stage import stage
from tests.processes import ROOT

RUNS = 3
PLAYER = 6001
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95}
MOST = {"largest-contentful-paint": 1500, "cumulative-layout-shift": 0}
"""Scores of 100; milliseconds in Lighthouse's throttled profile, and a score of its own."""
_FLAGS = "--headless=new --no-sandbox --disable-background-networking"


def main() -> int:
    with stage() as (web, game):
        game.players.greet(PLAYER, "Alice", "en")
        game.players.choose_username(PLAYER, "alice")
        with chromium() as browser:
            address = Phone(browser, web.url, PLAYER).address()
        reports = [audit(address) for _ in range(RUNS)]
    failed = False
    for name, least in LEAST.items():
        scores = [round(report["categories"][name]["score"] * 100) for report in reports]
        failed |= median(scores) < least
        sys.stdout.write(f"{name:28}{median(scores):8.0f}  at least {least}  {scores}\n")
    for name, most in MOST.items():
        values = [round(report["audits"][name]["numericValue"], 3) for report in reports]
        failed |= median(values) > most
        sys.stdout.write(f"{name:28}{median(values):8.0f}  at most {most}  {values}\n")
    for name, audited in reports[0]["audits"].items():
        if audited["score"] is not None and audited["score"] < 0.9:
            sys.stdout.write(f"  {name}: {audited['title']} {audited.get('displayValue', '')}\n")
    for report in reports:
        for item in report["audits"]["layout-shifts"].get("details", {}).get("items", []):
            sys.stdout.write(f"  moved by {item['score']:.3f}: {item['node'].get('selector')}\n")
    return int(failed)


def audit(address: str) -> dict[str, Any]:
    """One run's report."""
    program = ROOT / "tools" / "node_modules" / "lighthouse" / "cli" / "index.js"
    categories = f"--only-categories={','.join(LEAST)}"
    argv = ["node", str(program), address, "--output=json", "--quiet", f"--chrome-flags={_FLAGS}", categories]
    environment = {**os.environ, "CHROME_PATH": executable()}
    return dict(
        json.loads(subprocess.run(argv, env=environment, check=True, capture_output=True, timeout=180).stdout)
    )


if __name__ == "__main__":
    sys.exit(main())
