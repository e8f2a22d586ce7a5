"""An operator's shift, in a real browser, on two web processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from rq import Queue

from clicker.jobs.queue import QUEUE
from clicker.stores import redis
from clicker.wiring import Services
from tests.conftest import Stores
from tests.processes import Web, running
from tests.waiting import eventually
from tests.web.admin.conftest import PASSWORD
from tests.web.admin.shift import Phone, enter


@pytest.fixture(scope="module")
def web(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("admin")
    web = Web({**stores.environment(), "ADMIN_PASSWORD": PASSWORD, "WEB_WORKERS": "2"}, folder / "web.log")
    with running(web):
        yield web


def test_a_shift(open_, web: Web, game: Services, stores: Stores) -> None:
    phone = Phone(web.url)
    page = open_()
    expect(page.get_by_role("heading", name="Clicker admin")).to_be_visible()
    page.get_by_label("Password").fill("guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("That is not the password.")
    enter(page)

    assert phone.tap().ok
    expect(page.locator("#tile-sessions .figure")).to_have_text("1")
    expect(page.locator("#tile-loop .note")).to_contain_text("2 web")
    page.get_by_role("button", name="Busy").click()
    expect(page.locator("#level")).to_have_text("Busy")
    expect(page.get_by_role("status")).to_have_text("Held at busy.")
    expect(page.get_by_role("button", name="Busy")).to_be_focused()
    eventually(lambda: phone.tap().json()["pace"]["level"] == "busy", what="the player is told")
    page.get_by_role("button", name="Follow the load").click()
    expect(page.get_by_text("held by hand")).to_have_count(0)

    page.get_by_role("link", name="Players").click()
    page.get_by_label("Username or id").fill("ali")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="alice").click()
    page.get_by_label("Another username").fill("carol")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="carol")).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_role("button", name="Let them play again")).to_be_visible()
    assert phone.tap().status_code == 403
    page.get_by_role("button", name="Let them play again").click()
    expect(page.get_by_text("May play again.")).to_be_visible()

    queue = Queue(QUEUE, connection=redis.connect_rq(stores.rq_redis_url))
    queue.empty()
    queue.enqueue("clicker.taps.jobs.flush", job_id="night-flush")
    page.get_by_role("link", name="Jobs").click()
    page.locator("#queues a", has_text="1").first.click()
    expect(page.get_by_text("night-flush")).to_be_visible()
    page.get_by_role("link", name="night-flush").click()
    expect(page.get_by_text("Origin queue")).to_be_visible()
    page.locator("#delete-job-btn").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", name="Queues")).to_be_visible()
    assert queue.job_ids == []

    page.goto(f"{web.url}/admin/")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(f"{web.url}/admin/players")
    expect(page.get_by_label("Password")).to_be_visible()


def test_both_processes_show_the_same(open_, web: Web, game: Services) -> None:
    page = enter(open_())
    eventually(lambda: len(game.admin.store.moments()) > 2, what="some history")
    lines = {
        page.goto(f"{web.url}/admin/now") and page.locator(".rate polyline").get_attribute("points")
        for _ in range(20)
    }
    assert len(lines) <= 2, "one line, or two if a moment was added meanwhile"


def test_a_refresh_moves_nothing_and_stops_while_nobody_looks(open_, web: Web) -> None:
    page = enter(open_())
    page.evaluate(
        "() => { window.moved = 0; new PerformanceObserver((list) => { for (const it of list.getEntries())"
        " window.moved += it.value; }).observe({type: 'layout-shift', buffered: false}); }"
    )
    for _ in range(3):
        with page.expect_response("**/admin/now"):
            pass
    assert page.evaluate("window.moved") < 0.01
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("for (let n = 0; n < 5; n++) document.dispatchEvent(new Event('visibilitychange'))")
    assert asked == []
    with page.expect_response("**/admin/now"):
        page.evaluate("delete document.hidden")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
