"""Inside web.telegram.org's frame, with third-party storage blocked, taps count. Nobody else may frame the game."""

from playwright.sync_api import FrameLocator, expect

from tests.journeys.phone import LIMIT_MS
from tests.journeys.test_miniapp import clicks
from tests.waiting import eventually

TELEGRAM = "https://web.telegram.org/a/"
REFUSED = ("Refused to frame", "Framing 'http://127.0.0.1")


def framed(alice, outer: str) -> FrameLocator:
    """The game in a frame of a page at `outer`, which is only made here."""
    src = alice.address().replace("&", "&amp;")
    # What keeps the web from a server of this machine is not what is looked at here.
    alice.context.grant_permissions(["local-network-access"])
    page = f'<!doctype html><iframe src="{src}" width="390" height="800"></iframe>'
    alice.page.route(outer, lambda route: route.fulfill(content_type="text/html", body=page))
    alice.page.goto(outer)
    return alice.page.frame_locator("iframe")


def test_it_is_played_inside_telegrams_frame(phone, web, game):
    alice = phone(web.url, forgive=("Blocked autofocusing",))
    frame = framed(alice, TELEGRAM)
    frame.locator("#username-field").fill("alice")
    frame.locator("#username .action").click()
    for _ in range(3):
        frame.locator("#tap").tap()
    expect(frame.locator("#clicks")).to_have_text("3", timeout=LIMIT_MS)
    eventually(lambda: (alice.page.evaluate("0"), clicks(game) == 3)[1])


def test_nobody_else_may_frame_it(phone, web, game):
    alice = phone(web.url, forgive=REFUSED)
    framed(alice, "https://clicker.example/")
    eventually(lambda: (alice.page.evaluate("0"), alice.complaints)[1])
    assert "frame-ancestors" in alice.complaints[0]
