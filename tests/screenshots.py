"""Plays the story of the README in a real browser and takes its pictures: `make screenshots` → docs/img/."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, chromium
from tests.journeys.house import House, house
from tests.journeys.story import ENGLISH, RUSSIAN, Story
from tests.processes import ROOT

FOLDER = ROOT / "docs" / "img"
DESK = {"width": 1180, "height": 844}
ALICE, BOB, CHARLIE = 1001, 1002, 1003


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="clicker-") as folder,
        house(Path(folder)) as built,
        chromium() as browser,
    ):
        built.flask("seed", "--players", "1000", "--most", "900")
        story(browser, built, ALICE, "alice", "light", PHONE, "phone-light")
        story(browser, built, BOB, "bob", "dark", PHONE, "phone-dark")
        story(browser, built, CHARLIE, "charlie", "light", DESK, "desk")


def story(browser: Browser, built: House, user: int, name: str, theme: str, size: dict, prefix: str) -> None:
    context = browser.new_context(
        viewport=size, device_scale_factor=2, has_touch=size is PHONE, color_scheme=theme
    )
    page = context.new_page()
    words = RUSSIAN if user == CHARLIE else ENGLISH
    told = Story(page, built.sandbox, user, words)
    told.enter_chat(theme)
    told.start()
    shoot(page, f"{prefix}-1-onboarding")
    told.choose(name)
    shoot(page, f"{prefix}-2-welcome")
    told.open_game()
    told.tap(100)
    told.has(100)
    expect(told.game.locator("#standing")).to_contain_text("#")
    shoot(page, f"{prefix}-3-game")
    if size is PHONE:
        told.game.locator("#handle").click()
        shoot(page, f"{prefix}-4-board")
        told.game.locator("#handle").click()
        expect(page.locator("#miniapp-close")).to_be_visible()
        told.close_game()
        told.button(words["refresh"])
        told.sees("100")
        shoot(page, f"{prefix}-5-refreshed")
    context.close()


def shoot(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)  # let transitions come to rest; nothing is asserted on it
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"docs/img/{name}.png\n")


if __name__ == "__main__":
    main()
