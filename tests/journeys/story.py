"""One player's story as steps in a browser: used by the journey test, and by the script that takes the pictures."""

from playwright.sync_api import FrameLocator, Page, expect

LIMIT_MS = 15_000
ENGLISH = {"type": "type your own", "play": "Play", "refresh": "Refresh"}
RUSSIAN = {"type": "напиши своё", "play": "Играть", "refresh": "Обновить"}


class Story:
    """Drives the sandbox's chat page and the Mini App inside it."""

    def __init__(self, page: Page, sandbox: str, user: int, words: dict[str, str] = ENGLISH) -> None:
        self.page, self.user, self.words = page, user, words
        self.address = f"{sandbox}/?user={user}"
        page.set_default_timeout(LIMIT_MS)
        expect.set_options(timeout=LIMIT_MS)

    def enter_chat(self, theme: str = "light") -> None:
        self.page.goto(f"{self.address}&theme={theme}")
        expect(self.page.locator("#people button").first).to_be_visible()

    def say(self, text: str) -> None:
        self.page.fill("#input", text)
        self.page.press("#input", "Enter")

    def start(self) -> None:
        """Presses Start, as in a chat that is new, and is asked for a username."""
        self.page.click("#restart")
        self.sees(self.words["type"])

    def choose(self, username: str) -> None:
        """Answers with a username and is welcomed."""
        self.say(username)
        self.sees(self.words["refresh"])

    def sees(self, text: str) -> None:
        expect(self.page.locator("#messages")).to_contain_text(text)

    def button(self, text: str) -> None:
        """Presses the newest inline button with this text."""
        self.page.locator("#messages").get_by_role("button", name=text).last.click()

    @property
    def game(self) -> FrameLocator:
        return self.page.frame_locator("#miniapp-frame iframe")

    def open_game(self) -> None:
        self.button(self.words["play"])
        expect(self.game.locator("#tap")).to_be_visible()

    def tap(self, times: int) -> None:
        target = self.game.locator("#tap")
        box = target.bounding_box()
        assert box
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for _ in range(times):
            self.page.mouse.click(*middle)

    def has(self, clicks: int) -> None:
        """The app shows these clicks, and the board has my row with them."""
        expect(self.game.locator("#clicks")).to_have_text(f"{clicks:,}")

    def close_game(self) -> None:
        self.page.click("#miniapp-close")
        expect(self.page.locator("#miniapp")).to_be_hidden()
