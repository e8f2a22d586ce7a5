"""Every state that the Mini App can be seen in: its pictures and its accessibility are made of these."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, expect

from clicker.clock import to_ms
from clicker.web.app import create_app
from clicker.wiring import Services
from sandbox.users.themes import THEMES
from tests.journeys.phone import LIMIT_MS, Phone
from tests.waiting import eventually

DAY_S = 24 * 3600
FORMATS: dict[str, dict] = {
    "light": {"viewport": {"width": 390, "height": 844}},
    "dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "small": {"viewport": {"width": 320, "height": 568}},
    "landscape": {"viewport": {"width": 844, "height": 390}, "color_scheme": "dark"},
    "desktop": {"viewport": {"width": 1180, "height": 800}},
}
"""The screens: what a browser context is made with."""


def each_state(
    browser: Browser, url: str, game: Services, player: int, screen: str, language: str = "en"
) -> Iterator[tuple[str, Phone]]:
    """One player on one screen goes through all states; yields each state's name and the phone that shows it."""
    look = {**FORMATS[screen], "locale": language, "language": language}
    alice = Phone(browser, url, player, theme=THEMES[look.get("color_scheme", "light")], **look)
    for name, lead in _STATES:
        alice.unblock()
        lead(alice, game)
        yield name, alice
    alice.context.close()


def _loading(alice: Phone, game: Services) -> None:
    alice.block("**/js/session.js")  # the shell alone, which looks the same until the first answer
    alice.opened()
    alice.page.wait_for_function("window.htmx")


def _naming(alice: Phone, game: Services) -> None:
    alice.opened()
    expect(alice.page.locator("#username-field")).to_be_visible(timeout=LIMIT_MS)


def _error(alice: Phone, game: Services) -> None:
    message = "Something went wrong on our side. Your taps are safe; please try again."
    html = create_app(game).jinja_env.get_template("web/_error.html")
    body = html.render(code="error", message=message, request_id="7f3c0a")
    headers = {"HX-Retarget": "#notice", "HX-Reswap": "outerMorph", "Content-Type": "text/html"}
    alice.page.route("**/username", lambda route: route.fulfill(status=500, headers=headers, body=body))
    alice.page.fill("#username-field", f"alice_{alice.player}")
    alice.page.click("#username .action")
    expect(alice.page.locator("#notice")).to_contain_text("7f3c0a", timeout=LIMIT_MS)


def _play(alice: Phone, game: Services) -> None:
    alice.named(f"alice_{alice.player}").tap(87)
    alice.settled()
    expect(alice.page.locator("#standing")).to_contain_text("#", timeout=LIMIT_MS)
    alice.page.evaluate("document.getElementById('notice').replaceChildren()")
    alice.tap(1)
    _still(alice, 250)


def _celebrating(alice: Phone, game: Services) -> None:
    _go_on(alice)
    box = alice.page.locator("#tap").bounding_box()
    assert box
    for turn in range(12):  # fingers all over the button
        x, y = 0.3 + 0.4 * (turn % 2), 0.35 + 0.025 * turn
        alice.page.touchscreen.tap(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    _still(alice, 220)  # before anything fades


def _board(alice: Phone, game: Services) -> None:
    _go_on(alice)
    alice.settled()
    eventually(
        lambda: (
            not alice.page.evaluate("document.querySelector('.floats').getAnimations({subtree: true}).length")
        )
    )
    if alice.page.locator("#handle").is_visible():
        alice.page.click("#handle")


def _offline(alice: Phone, game: Services) -> None:
    alice.page.keyboard.press("Escape")
    alice.context.set_offline(True)
    alice.page.wait_for_timeout(500)  # the sheet glides down
    alice.tap(12)
    expect(alice.page.locator("#saving-later")).to_be_visible(timeout=LIMIT_MS)


def _paused(alice: Phone, game: Services) -> None:
    alice.context.set_offline(False)
    alice.settled()
    assert game.sessions.hot.pause_idle(to_ms(game.clock() + 1), 1000)
    alice.tap(1)
    expect(alice.page.locator("#overlay")).to_have_attribute("data-code", "session_paused", timeout=LIMIT_MS)


def _stale(alice: Phone, game: Services) -> None:
    alice.page.evaluate("indexedDB.deleteDatabase('clicker')")
    alice.page.goto("about:blank")
    alice.player += 500  # somebody of whom nothing is kept
    alice.page.goto(alice.address(now=game.clock() - DAY_S - 60))
    expect(alice.page.locator("#overlay")).to_have_attribute("data-code", "stale_init_data", timeout=LIMIT_MS)


_STATES: tuple[tuple[str, Callable[[Phone, Services], None]], ...] = (
    ("loading", _loading),
    ("naming", _naming),
    ("error", _error),
    ("play", _play),
    ("celebrating", _celebrating),
    ("board", _board),
    ("offline", _offline),
    ("paused", _paused),
    ("stale", _stale),
)


def _still(alice: Phone, at_ms: int) -> None:
    """Holds every animation that plays once, at the same moment each time."""
    alice.page.evaluate(
        "(at) => document.getAnimations().filter((it) => it.effect.getTiming().iterations === 1)"
        ".forEach((it, number) => (it.pause(), it.currentTime = Math.max(0, at - 60 * (number % 5))))",
        at_ms,
    )


def _go_on(alice: Phone) -> None:
    alice.page.evaluate("document.getAnimations().forEach((it) => it.playState === 'paused' && it.cancel())")
