"""Plays on a town of its own and takes its operator's pictures → docs/img/admin/: `make screenshots` calls it."""

import itertools
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, expect

from clicker import wiring
from clicker.anomalies.models import AnomalyRow
from clicker.clock import utc
from clicker.players.rules import generated_username
from clicker.settings import Settings
from clicker.stores.postgres import connection
from clicker.wiring import Services
from tests.browser import PHONE, chromium
from tests.conftest import Stores, empty, running_in
from tests.pictures import take
from tests.processes import ROOT, Web, running, worker
from tests.telegram import init_data
from tests.waiting import eventually
from tests.web.admin.conftest import DESK, PASSWORD
from tests.web.admin.outage import hot_store_frozen, postgres_away
from tests.web.admin.shift import enter

FOLDER = ROOT / "docs" / "img" / "admin"
PLAYERS, ROBOT, EAGER = 40, 39, 38
NAMES = ("Alice", "Bob", "Charlie", "Dora", "Eva", "Fyodor", "Grace", "Никита", "يوسف")
FIRST = 7000
WATCHED_S = 120
"""How long people play before the pictures are taken, in seconds; the sparklines show 300."""
WHOLE = ("now", "player")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clicker-")))
        stores = stack.enter_context(running_in(folder, False))
        game = wiring.build(
            Settings(
                database_url=stores.database_url, redis_url=stores.redis_url, rq_redis_url=stores.rq_redis_url
            )
        )
        empty(game)
        web = Web({**stores.environment(), "ADMIN_PASSWORD": PASSWORD, "WEB_WORKERS": "2"}, folder / "web")
        stack.enter_context(running(web))
        stack.enter_context(running(worker(stores.environment(), folder / "worker")))
        eventually(web.ready, 60)
        browser = stack.enter_context(chromium())
        stack.enter_context(people(web.url))
        _story(browser, web, game, stores)


def _story(browser: Browser, web: Web, game: Services, stores: Stores) -> None:
    pages = {
        "desk": browse(browser, DESK, "light"),
        "desk-dark": browse(browser, DESK, "dark"),
        "phone": browse(browser, PHONE, "light"),
        "phone-dark": browse(browser, PHONE, "dark"),
    }
    for view, page in pages.items():
        page.goto(f"{web.url}/admin/")
        shoot(page, view, "login")
    pages["phone"].get_by_label("Password").fill("guess")
    pages["phone"].keyboard.press("Enter")
    expect(pages["phone"].get_by_role("alert")).to_be_visible()
    shoot(pages["phone"], "phone", "login-refused")
    for page in pages.values():
        enter(page)
    shoot(pages["desk"], "desk", "empty", "/anomalies", web)
    time.sleep(WATCHED_S)
    suspicions(game)
    act(pages["desk"], web)
    for name, path, wait_for in (
        ("now", "/", ".suspect"),
        ("players", "/players?q=l", ".people a"),
        ("player", f"/players/{FIRST + ROBOT}", "#unflag"),
        ("anomalies", "/anomalies?state=watched", ".suspect"),
        ("audit", "/audit", ".acts li"),
        ("jobs", "/rq/", "#queues a"),
    ):
        for view, page in pages.items():
            page.goto(f"{web.url}/admin{path}")
            expect(page.locator(wait_for).first).to_be_visible(timeout=20_000)
            shoot(page, view, name, whole=name in WHOLE)
    with postgres_away(stores.database_url):
        shoot(pages["desk"], "desk", "search-without-postgres", "/audit", web)
        for view, page in pages.items():
            page.goto(f"{web.url}/admin/")
            expect(page.locator("#tile-ledger .figure")).to_contain_text("away", timeout=20_000)
            expect(page.locator("#recent .stale").first).to_be_visible(timeout=20_000)
            shoot(page, view, "without-postgres")
    for page in pages.values():
        page.goto(f"{web.url}/admin/")
    with hot_store_frozen(stores):
        for view, page in pages.items():
            expect(page.locator("#level")).to_have_text("Store away", timeout=20_000)
            shoot(page, view, "without-hot-store")


def browse(browser: Browser, size: dict[str, int], scheme: str) -> Page:
    context = browser.new_context(viewport=size, device_scale_factor=1, color_scheme=scheme)  # type: ignore[arg-type]
    return context.new_page()


def shoot(
    page: Page, view: str, name: str, path: str = "", web: Web | None = None, whole: bool = False
) -> None:
    if web:
        page.goto(f"{web.url}/admin{path}")
    take(page, FOLDER / f"{name}-{view}.png", whole)
    sys.stdout.write(f"docs/img/admin/{name}-{view}.png\n")


def suspicions(game: Services) -> None:
    """As judging would leave them after a quarter of an hour: there is no time to wait for it."""
    now = utc(round(time.time() * 1000))
    robot = ("flagged", 7, 9, "even cap", 23.9, 0.021)
    eager = ("watched", 1, 2, "cap", 20.4, 0.31)
    for number, (state, score, suspicious, signs, speed, variation) in ((ROBOT, robot), (EAGER, eager)):
        judged = {"score": score, "suspicious": suspicious, "signs": signs, "speed": speed}
        _suspect(FIRST + number, state, variation, now, judged)
    game.anomalies.judge()


def _suspect(player: int, state: str, variation: float, now: datetime, judged: dict[str, object]) -> None:
    with connection():
        AnomalyRow.insert(
            player_id=player, state=state, variation=variation, since=now, changed_at=now, **judged
        ).execute()


def act(page: Page, web: Web) -> None:
    """Something for the audit log."""
    page.goto(f"{web.url}/admin/players/{FIRST + 3}")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_role("button", name="Let them play again")).to_be_visible()
    page.get_by_role("button", name="Let them play again").click()
    expect(page.get_by_text("May play again.")).to_be_visible()
    page.goto(f"{web.url}/admin/")
    page.get_by_role("button", name="Busy").click()
    expect(page.locator("#level")).to_have_text("Busy")
    page.get_by_role("button", name="Run a flush").click()
    page.wait_for_timeout(9000)  # as long as an operator looks whether it helps
    page.get_by_role("button", name="Follow the load").click()
    expect(page.get_by_text("held by hand")).to_have_count(0)


@contextmanager
def people(url: str) -> Iterator[None]:
    """Forty people tap, some more and some less, until the block ends; one of them is a robot."""
    stop = threading.Event()
    threads = [threading.Thread(target=play, args=(url, n, stop)) for n in range(PLAYERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def play(url: str, number: int, stop: threading.Event) -> None:
    rng, http = random.Random(number), requests.Session()
    username = "robot_9000" if number == ROBOT else generated_username(rng)
    http.headers["Accept"] = "application/json"
    stop.wait(rng.uniform(0, 40))
    opened = http.post(
        f"{url}/session", data={"init_data": init_data(FIRST + number, first_name=rng.choice(NAMES))}
    )
    http.headers["Authorization"] = f"Bearer {opened.json()['token']}"
    eventually(lambda: http.post(f"{url}/username", data={"username": username}).ok)
    for sequence in itertools.count(1):
        robot = number == ROBOT
        delta = 24 if robot else rng.choice((0, 2, 4, 5, 6, 7, 9))
        if delta:
            http.post(f"{url}/click", data={"delta": delta, "sequence": sequence})
        if stop.wait(1.0 if robot else rng.uniform(0.8, 1.6)):
            return


if __name__ == "__main__":
    main()
