"""Every byte of a first load, file by file, as it comes over the wire: `make weight`. Exits with 1 over a budget.

A player opens the game for the first time on this device, until they can tap and know their rank. Telegram's own script
is printed and not counted: it comes from telegram.org and is in most players' caches. The service worker takes its
files from the browser's cache; its own script, and the shell once more, are counted.
"""

import sys
from collections.abc import Iterator
from typing import Any

import requests
from playwright.sync_api import Browser, expect

from clicker.wiring import Services
from tests.browser import chromium
from tests.journeys.phone import LIMIT_MS, Phone
from tests.journeys.stage import stage
from tests.processes import ROOT

LOAD_LIMIT, LOAD_GOAL = 60_000, 45_000
CSS_LIMIT, JS_LIMIT = 15_000, 20_000
"""Bytes. The first two as transferred, the others as written, with comments; the scripts with the service worker."""
PLAYER = 4001


def main() -> int:
    with chromium() as browser, stage() as (web, game):
        load = dict(first_load(browser, web.url, game))
        for path in ("/sw.js", "/"):
            answer = requests.get(web.url + path, headers={"Accept-Encoding": "br"}, stream=True, timeout=10)
            load[f"{path} (service worker)"] = len(answer.raw.read())
    theirs = sum(load.pop(path) for path in list(load) if "telegram-web-app.js" in path)
    for path, size in sorted(load.items(), key=lambda it: -it[1]):
        _say(size, path)
    total = sum(load.values())
    _say(total, f"in {len(load)} answers: limit {LOAD_LIMIT:,}, goal {LOAD_GOAL:,}")
    _say(theirs, "besides, not counted: Telegram's script")
    css, scripts = ours()
    _say(css, f"own CSS as written: limit {CSS_LIMIT:,}")
    _say(scripts, f"own JavaScript as written: limit {JS_LIMIT:,}")
    return int(total > LOAD_LIMIT or css >= CSS_LIMIT or scripts >= JS_LIMIT)


def first_load(browser: Browser, url: str, game: Services) -> Iterator[tuple[str, int]]:
    """Path and bytes on the wire, headers included, of every answer until the game can be played."""
    game.players.greet(PLAYER, "Alice", "en")
    game.players.choose_username(PLAYER, "alice")
    alice = Phone(browser, url, PLAYER)
    paths: dict[str, str] = {}
    sizes: dict[str, int] = {}
    network = alice.context.new_cdp_session(alice.page)
    network.send("Network.enable")

    def answered(event: dict[str, Any]) -> None:
        how = event["response"]["headers"].get("Content-Encoding", "")
        paths[event["requestId"]] = event["response"]["url"].removeprefix(url) + (f" ({how})" if how else "")

    network.on("Network.responseReceived", answered)
    network.on(
        "Network.loadingFinished", lambda it: sizes.update({it["requestId"]: round(it["encodedDataLength"])})
    )
    alice.opened()
    expect(alice.page.locator("#standing")).to_contain_text("#", timeout=LIMIT_MS)
    alice.page.wait_for_load_state("networkidle")
    for request, size in sizes.items():
        yield paths[request].partition("#")[0], size
    alice.context.close()


def ours() -> tuple[int, int]:
    """Bytes of our CSS and of our scripts."""
    scripts = [*(ROOT / "static" / "js").glob("*.js"), ROOT / "static" / "sw.js"]
    css = (ROOT / "static" / "css" / "app.css").stat().st_size
    return css, sum(path.stat().st_size for path in scripts)


def _say(size: int, what: str) -> None:
    sys.stdout.write(f"{size:8,}  {what}\n")


if __name__ == "__main__":
    sys.exit(main())
