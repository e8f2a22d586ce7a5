"""Every page of admin, in every state: axe finds nothing, nothing is wider than the screen, it says what is wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from rq import Queue

from clicker.admin.rules import TRIES
from clicker.audit.rules import Actor
from clicker.jobs.queue import QUEUE
from clicker.stores import redis
from clicker.wiring import Services
from tests.browser import PHONE
from tests.conftest import Stores
from tests.processes import Web, running
from tests.telegram import ALICE
from tests.waiting import eventually
from tests.web.admin.conftest import DESK, PASSWORD
from tests.web.admin.outage import hot_store_frozen, postgres_away
from tests.web.admin.shift import Phone, enter

LOOKS = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]
NAMES = [f"{'phone' if size is PHONE else 'desk'}-{scheme}" for size, scheme in LOOKS]
LONG_MS = 60_000
_OPERATOR = Actor.operator("admin")
looks = pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=NAMES)


@pytest.fixture(scope="module")
def web(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("everybody")
    web = Web({**stores.environment(), "ADMIN_PASSWORD": PASSWORD, "WEB_WORKERS": "1"}, folder / "web.log")
    with running(web):
        yield web


def is_for_everybody(page: Page, what: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{what} is {wide} px too wide"


@looks
def test_every_page_is_for_everybody(
    open_, web: Web, game: Services, stores: Stores, size: dict[str, int], scheme: str
) -> None:
    Phone(web.url).tap()
    game.players.block(ALICE)
    game.anomalies.flag(ALICE, by=_OPERATOR)
    game.audit.move()
    queue = Queue(QUEUE, connection=redis.connect_rq(stores.rq_redis_url))
    queue.empty()
    queue.enqueue("clicker.taps.jobs.flush", job_id="night-flush")
    page = open_(viewport=size, color_scheme=scheme)
    is_for_everybody(page, "the door")
    enter(page)
    for path in (
        "/", "/players?q=a", "/players?q=nobody", f"/players/{ALICE}", "/players", "/players/99", "/anomalies",
        "/anomalies?state=trusted", "/audit", "/audit?who=nobody", "/rq/", "/rq/0/view/workers",
        f"/rq/0/view/jobs/{QUEUE}/queued/8/asc/1", "/rq/0/view/job/night-flush",
    ):  # fmt: skip
        page.goto(f"{web.url}/admin{path}")
        expect(page.get_by_text("Loading...")).to_have_count(0)
        is_for_everybody(page, path)
    queue.empty()


@looks
def test_the_door_says_no_for_everybody(
    open_, web: Web, game: Services, size: dict[str, int], scheme: str
) -> None:
    page = open_(viewport=size, color_scheme=scheme)
    for tried in range(TRIES + 1):
        page.get_by_label("Password").fill("guess")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if tried == 0:
            expect(page.get_by_role("alert")).to_have_text("That is not the password.")
            is_for_everybody(page, "refused")
    expect(page.get_by_role("alert")).to_have_text("Too many tries. Wait a few minutes.")
    is_for_everybody(page, "throttled")


def test_without_postgres_it_says_so_and_shows_the_rest(
    open_, web: Web, game: Services, stores: Stores
) -> None:
    Phone(web.url).tap()
    pages = [enter(open_(viewport=size, color_scheme=scheme)) for size, scheme in LOOKS]
    with postgres_away(stores.database_url):
        for page in pages:
            expect(page.locator("#tile-ledger .figure")).to_have_text("away", timeout=LONG_MS)
            _look_until(page, lambda page=page: page.locator("#recent .stale").count() == 2)
            expect(page.locator("#suspects .stale")).to_contain_text("Postgres does not answer.")
            is_for_everybody(page, "the first page")
            page.goto(f"{web.url}/admin/players/{ALICE}")
            expect(page.get_by_text("Postgres does not answer, so it is not known.")).to_be_visible()
            is_for_everybody(page, "a player")
            page.goto(f"{web.url}/admin/audit")
            expect(page.get_by_role("heading")).to_contain_text("Postgres does not answer")
            is_for_everybody(page, "the audit log")
    page.goto(f"{web.url}/admin/")
    expect(page.locator("#tile-ledger .figure")).not_to_have_text("away", timeout=LONG_MS)
    _look_until(page, lambda: page.locator("#recent .stale").count() == 0)


def test_with_a_frozen_hot_store_it_says_so_and_shows_what_was(
    open_, web: Web, game: Services, stores: Stores
) -> None:
    pages = [enter(open_(viewport=size, color_scheme=scheme)) for size, scheme in LOOKS]
    eventually(lambda: len(game.admin.store.moments()) > 1, what="some history")
    for page in pages:
        expect(page.locator("#tile-store .figure")).to_contain_text("ms")
    with hot_store_frozen(stores):
        expect(page.locator("#level")).to_have_text("Store away", timeout=LONG_MS)
        page.get_by_role("button", name="Busy").click()
        expect(page.get_by_role("status")).to_contain_text("Do it again", timeout=LONG_MS)
        for page in pages:
            expect(page.locator("#level")).to_have_text("Store away", timeout=LONG_MS)
            expect(page.locator("#tile-store .figure")).to_have_text("away")
            is_for_everybody(page, "the first page")
    expect(page.locator("#level")).not_to_have_text("Store away", timeout=LONG_MS)
    expect(page.locator("#tile-store .figure")).to_contain_text("ms")
    expect(page.get_by_text("held by hand")).to_have_count(0)


def _look_until(page: Page, seen: Callable[[], bool]) -> None:
    ask = "document.querySelector('#recent').dispatchEvent(new Event('look'))"
    eventually(lambda: page.evaluate(ask) and seen(), 40)
