"""A phone with the Mini App open, as a journey drives it: real touches, and all that the browser complains of."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from init_data_py import sign
from playwright.sync_api import Browser, Page, Route, expect

from clicker.settings import SANDBOX_TOKEN
from tests.browser import PHONE
from tests.telegram import ALICE
from tests.waiting import eventually

LIMIT_MS = 15_000
THEME = {
    "bg_color": "#ffffff",
    "secondary_bg_color": "#eef1f5",
    "text_color": "#10151c",
    "button_color": "#1d74d8",
}
AWAY = ("htmx: htmx:error", "htmx: htmx:ws:error", "WebSocket connection", "Failed to load resource: net::")
"""What htmx and Chromium say of a server that can't be reached."""
_REFUSED = "Failed to load resource: the server responded"
"""What Chromium says of every answer from 400 on, expected or not: journeys look at what the player sees instead."""


KEPT = """(prefix) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('clicker', 1);
  asked.onerror = reject;
  asked.onsuccess = () => {
    const range = IDBKeyRange.bound(prefix, prefix + "~");
    const found = asked.result.transaction('kept').objectStore('kept').getAll(range);
    found.onsuccess = () => (asked.result.close(), resolve(found.result));
  };
})"""
"""What the device keeps under keys that begin so."""


class Phone:
    """`complaints` collects errors of the console, uncaught ones and violations of the content security policy.

    Without a service worker, unless asked for: what it answers could not be blocked or watched from here.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        player: int = ALICE,
        theme: Any = None,
        language: str = "en",
        **context: Any,
    ) -> None:
        self.url, self.player, self.theme, self.language = url, player, theme or THEME, language
        fixed = {"viewport": PHONE, "has_touch": True, "service_workers": "block"}
        self.context = browser.new_context(**{**fixed, **context})
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(LIMIT_MS)
        page.on("console", lambda message: message.type == "error" and self._note(message.text))
        page.on("pageerror", lambda error: self._note(str(error)))
        return page

    def _note(self, complaint: str) -> None:
        if not complaint.startswith(_REFUSED):
            self.complaints.append(complaint)

    def address(self, *, now: float | None = None, **person: str) -> str:
        """The Mini App's address as Telegram opens it; `person` adds to what it tells of the user."""
        user = {"id": self.player, "first_name": "Alice", "language_code": self.language, **person}
        given = {
            "tgWebAppData": sign({"user": json.dumps(user)}, SANDBOX_TOKEN, auth_date=now or time.time()),
            "tgWebAppVersion": "9.1",
            "tgWebAppPlatform": "web",
            "tgWebAppThemeParams": json.dumps(self.theme),
        }
        return f"{self.url}/#" + "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())

    def block(
        self, pattern: str, how: Callable[[Route], object] = Route.abort, page: Page | None = None
    ) -> None:
        """From now on these requests of a page come to nothing, or to what `how` makes of them."""
        (page or self.page).route(pattern, lambda route: how(route))

    def unblock(self) -> None:
        self.page.unroute_all(behavior="ignoreErrors")

    def opened(self, page: Page | None = None) -> "Phone":
        """Opens the game anew, as from the chat; a change of the fragment alone would not load it."""
        page = page or self.page
        page.goto("about:blank")
        page.goto(self.address())
        return self

    def named(self, username: str) -> "Phone":
        """Answers the question for a name."""
        self.page.fill("#username-field", username)
        self.page.click("#username .action")
        expect(self.page.locator("#tap")).to_be_visible(timeout=LIMIT_MS)
        return self

    def tap(self, times: int, page: Page | None = None) -> None:
        """Touches the middle of the button."""
        page = page or self.page
        expect(page.locator("#tap")).to_be_visible(timeout=LIMIT_MS)
        box = page.locator("#tap").bounding_box()
        assert box
        for _ in range(times):
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def shows(self, clicks: int, page: Page | None = None) -> None:
        expect((page or self.page).locator("#clicks")).to_have_text(f"{clicks:,}", timeout=LIMIT_MS)

    def kept(self, prefix: str, page: Page | None = None) -> list[dict[str, Any]]:
        """What the device keeps under keys that begin so."""
        return list((page or self.page).evaluate(KEPT, prefix))

    def unsent(self, page: Page | None = None) -> int:
        """Taps in the stored queues of this device."""
        queues = self.kept("queue.", page)
        return sum(queue["waiting"] + queue["delta"] for queue in queues)

    def settled(self, page: Page | None = None) -> None:
        """Waits until everything is acknowledged."""
        eventually(lambda: self.unsent(page) == 0, 20, "all taps are acknowledged")

    def until(self, look: Callable[[], object]) -> None:
        """Waits while the browser goes on: routes of a page are only served while it is spoken to."""
        eventually(lambda: (self.page.evaluate("0"), look())[1])
