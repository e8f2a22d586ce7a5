"""What a real browser makes of every page: nothing that our policy forbids, and of hostile names nothing but text."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect
from rq import Queue

from clicker.admin.service import SUSPECTS_SHOWN
from clicker.anomalies.models import AnomalyRow
from clicker.audit.rules import Action, Actor
from clicker.jobs.queue import QUEUE
from clicker.stores import redis
from clicker.stores.postgres import connection
from clicker.wiring import Services
from tests.browser import PHONE
from tests.conftest import Stores, empty
from tests.evil import EVIL
from tests.processes import Web, running
from tests.waiting import eventually
from tests.web.admin.conftest import DESK, PASSWORD
from tests.web.admin.shift import Phone, enter

SOMEBODY = 4711
NOW = datetime(2026, 11, 21, 12)
NAMED = ("/players", f"/players?q={SOMEBODY}", f"/players/{SOMEBODY}", "/anomalies?state=watched", "/audit")
OURS = ("/", *NAMED, "/players/99", "/audit?since=never")
JOBS = f"/rq/0/view/jobs/{QUEUE}"
RQS = (
    "/rq/",
    "/rq/0/view/workers",
    *(f"{JOBS}/{registry}/8/asc/1" for registry in ("queued", "failed", "finished")),
    "/rq/0/view/job/night-flush",
)
TRACES = (
    "[data-evil], img[src=x], tg-spoiler, a[href^='tg:'], [onclick], [onerror], "
    "script:not([src]):not([nonce]):not([type='text/template'])"
)


@pytest.fixture(scope="module")
def web(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("pages")
    web = Web({**stores.environment(), "ADMIN_PASSWORD": PASSWORD, "WEB_WORKERS": "1"}, folder / "web.log")
    with running(web):
        yield web


@pytest.fixture
def inside(open_) -> Iterator[Callable[..., Page]]:
    """A browser that is let in; at the end no page may have opened a dialog."""
    said: list[str] = []

    def note(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    def make(**context: object) -> Page:
        page = enter(open_(**context))
        page.on("dialog", note)
        return page

    yield make
    assert said == []


def known_as(game: Services, name: str, player: int = SOMEBODY) -> None:
    """Somebody of this name, past all rules: in the hot store, blocked, watched, and all over the audit log."""
    who = Actor.operator(name, "203.0.113.7")
    game.players.hot.put_profile(player, name, "en")
    game.players.hot.put_username(player, name)
    game.players.block(player, who)
    game.audit.record(Action.USERNAME_CHANGED, who, name, before=name, username=name)
    game.audit.move()
    judged = {"score": 2, "suspicious": 2, "signs": "even cap", "speed": 24.0, "variation": 0.02}
    with connection():
        AnomalyRow.insert(player_id=player, state="watched", since=NOW, changed_at=NOW, **judged).execute()


def plain(text: str) -> str:
    """As a page shows it."""
    return " ".join(text.replace("\x1b", "").split())


def is_harmless(page: Page, what: str) -> None:
    assert page.locator(TRACES).count() == 0, what
    assert page.evaluate("window.pwned") is None, f"{what} runs"
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{what} is {wide} px too wide"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_hostile_names_are_text_and_nothing_else(inside, web: Web, game: Services, size) -> None:
    page = inside(viewport=size)
    usual: dict[str, int] = {}
    for kind, name in {"usual": "alice", **EVIL}.items():
        empty(game)
        known_as(game, name)
        for path in NAMED:
            page.goto(f"{web.url}/admin{path}")
            elements = page.evaluate("document.querySelectorAll('*').length")
            assert elements == usual.setdefault(path, elements), f"{kind} makes other elements on {path}"
            assert plain(name) in map(plain, page.locator("bdi").all_text_contents()), f"{kind} on {path}"
            is_harmless(page, f"{kind} on {path}")


def test_hostile_names_are_text_on_the_first_page_too(inside, web: Web, game: Services) -> None:
    page = inside(viewport=PHONE)
    names = list(EVIL.values())[:SUSPECTS_SHOWN]
    for number, name in enumerate(names):
        known_as(game, name, SOMEBODY + number)
    ask = "document.querySelector('#recent').dispatchEvent(new Event('look'))"
    eventually(lambda: page.evaluate(ask) and page.locator(".suspect").count() == len(names), 40)
    shown = [plain(text) for text in page.locator(".suspect bdi").all_text_contents()]
    assert sorted(shown) == sorted(map(plain, names))
    is_harmless(page, "the first page")


def test_a_hostile_description_of_a_job_is_text(inside, web: Web, game: Services, stores: Stores) -> None:
    queue = Queue(QUEUE, connection=redis.connect_rq(stores.rq_redis_url))
    queue.empty()
    page = inside()
    for kind, name in EVIL.items():
        queue.enqueue("clicker.taps.jobs.flush", job_id=f"job-{kind}", description=name, meta={"is": name})
        page.goto(f"{web.url}/admin/rq/0/view/job/job-{kind}")
        expect(page.get_by_text("Origin queue")).to_be_visible()
        is_harmless(page, kind)
    page.goto(f"{web.url}/admin{JOBS}/queued/50/asc/1")
    expect(page.locator("tr[data-role=job]")).to_have_count(len(EVIL))
    is_harmless(page, "the list of jobs")
    queue.empty()


def test_no_page_does_what_its_policy_forbids(open_, web: Web, game: Services, stores: Stores) -> None:
    """`open_` fails on whatever Chromium has to say of a policy."""
    Phone(web.url).tap()
    known_as(game, "bob")
    queue = Queue(QUEUE, connection=redis.connect_rq(stores.rq_redis_url))
    queue.empty()
    queue.enqueue("clicker.taps.jobs.flush", job_id="night-flush")
    page = open_("/login")
    page.get_by_label("Password").fill("guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    enter(page)
    for path in OURS:
        answer = page.goto(f"{web.url}/admin{path}")
        assert answer
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        expect(page.locator("h1").first).to_be_visible()
    for path in RQS:
        answer = page.goto(f"{web.url}/admin{path}")
        policy = (answer and answer.headers["content-security-policy"]) or ""
        assert "script-src 'nonce-" in policy
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        expect(page.locator("h1, h2").first).to_be_visible()
        expect(page.get_by_text("Loading...")).to_have_count(0)
    with page.expect_navigation():
        page.get_by_role("button", name="Log out").click()
    queue.empty()
