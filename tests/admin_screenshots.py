"""Plays on a house of its own and takes its operator's pictures for docs/operations.md: `make screenshots`."""

import itertools
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, expect

from clicker.players.rules import generated_username
from tests.browser import PHONE, chromium
from tests.journeys.house import House, house
from tests.processes import ROOT
from tests.telegram import init_data
from tests.waiting import eventually

FOLDER = ROOT / "docs" / "img"
DESK = {"width": 1440, "height": 900}
PASSWORD = "correct horse battery"
PLAYERS, ROBOT = 40, 39
NAMES = ("Alice", "Bob", "Charlie", "Dora", "Eva", "Fyodor", "Grace", "Никита", "يوسف")
WATCHED_S = 150
"""How long people play before the pictures are taken: half of what the sparklines show, in seconds."""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="clicker-") as folder,
        house(Path(folder), ADMIN_PASSWORD=PASSWORD, WEB_WORKERS="2") as built,
        chromium() as browser,
    ):
        built.flask("seed", "--players", "1000", "--most", "9000")
        with people(built.play):
            desk, phone = browse(browser, DESK, "light"), browse(browser, PHONE, "dark")
            shoot(desk, built, "/login", "admin-login")
            for page in (desk, phone):
                enter(page, built)
            time.sleep(WATCHED_S)
            shoot(desk, built, "/", "admin-now")
            shoot(phone, built, "/", "admin-phone-now", whole=True)
            act(desk, built)
            shoot(desk, built, "/", "admin-held")
            night = browse(browser, DESK, "dark")
            enter(night, built)
            shoot(night, built, "/players?q=l", "admin-players")
            night.goto(f"{built.play}/admin/players?q=robot")
            night.get_by_role("link", name="robot_9000").click()
            shoot(night, built, "", "admin-player")
            shoot(desk, built, "/audit", "admin-audit")
            shoot(phone, built, "/audit", "admin-phone-audit")
            desk.goto(f"{built.play}/admin/rq/")
            expect(desk.locator("#queues a").first).to_be_visible()
            shoot(desk, built, "", "admin-rq")


def browse(browser: Browser, size: dict[str, int], scheme: str) -> Page:
    context = browser.new_context(viewport=size, device_scale_factor=2, color_scheme=scheme)  # type: ignore[arg-type]
    return context.new_page()


def enter(page: Page, built: House) -> None:
    page.goto(f"{built.play}/admin/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#level")).to_be_visible()


def act(page: Page, built: House) -> None:
    """Something for the audit log."""
    page.goto(f"{built.play}/admin/players?q=robot")
    page.get_by_role("link", name="robot_9000").click()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_role("button", name="Let them play again")).to_be_visible()
    page.goto(f"{built.play}/admin/")
    page.get_by_role("button", name="Busy").click()
    expect(page.locator("#level")).to_have_text("Busy")


def shoot(page: Page, built: House, path: str, name: str, whole: bool = False) -> None:
    if path:
        page.goto(f"{built.play}/admin{path}")
    page.wait_for_timeout(600)  # let transitions come to rest; nothing is asserted on it
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)
    sys.stdout.write(f"docs/img/{name}.png\n")


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
        f"{url}/session", data={"init_data": init_data(7000 + number, first_name=rng.choice(NAMES))}
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
