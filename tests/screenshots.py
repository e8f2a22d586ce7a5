"""Plays in a real browser and takes the README's pictures: `make screenshots` → docs/img/.

The Mini App in every state on every kind of screen → docs/img/app/, and the whole of it in the sandbox.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.journeys.house import House, house
from tests.journeys.stage import stage
from tests.journeys.states import FORMATS, each_state
from tests.journeys.story import RUSSIAN, Story
from tests.processes import ROOT

FOLDER = ROOT / "docs" / "img"
DESK = {"width": 1180, "height": 760}
CHARLIE = 1003


def main() -> None:
    (FOLDER / "app").mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        with stage() as (web, game):
            for number, screen in enumerate(FORMATS):
                for name, alice in each_state(browser, web.url, game, 2001 + number, screen):
                    shoot(alice.page, f"app/{name}-{screen}")
        with tempfile.TemporaryDirectory(prefix="clicker-") as folder, house(Path(folder)) as built:
            built.flask("seed", "--players", "1000", "--most", "900")
            desk(browser, built)


def desk(browser: Browser, built: House) -> None:
    """The bot's chat and the Mini App side by side."""
    page = browser.new_context(viewport=DESK).new_page()
    told = Story(page, built.sandbox, CHARLIE, RUSSIAN)
    told.enter_chat("light")
    told.start()
    told.choose("charlie")
    told.open_game()
    told.tap(60)
    told.has(60)
    expect(told.game.locator("#standing")).to_contain_text("#")
    shoot(page, "desk")
    page.context.close()


def shoot(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)  # let transitions come to rest; nothing is asserted on it
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"docs/img/{name}.png\n")


if __name__ == "__main__":
    main()
