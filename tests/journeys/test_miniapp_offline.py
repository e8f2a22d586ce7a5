"""The Mini App without a network: with its service worker, and with nothing but what the device keeps."""

from playwright.sync_api import expect

from tests.journeys.phone import AWAY, LIMIT_MS
from tests.journeys.test_miniapp import clicks
from tests.telegram import ALICE, BOB
from tests.waiting import eventually


def offline_phone(phone, web, **context):
    """A phone whose service worker has everything."""
    alice = phone(web.url, forgive=AWAY, service_workers="allow", **context).opened().named("alice")
    eventually(lambda: "sw" in alice.page.evaluate(INSTALLED))
    return alice


INSTALLED = "async () => ((await navigator.serviceWorker.ready).active?.state === 'activated' ? 'sw' : '')"


def test_fifty_taps_made_offline_survive_a_reload_offline_and_count_once(phone, own_web, game):
    """The server is killed as well: Chromium lets a request through that outlives its page, offline or not."""
    alice = offline_phone(phone, own_web)
    alice.tap(5)
    alice.settled()
    alice.context.set_offline(True)
    own_web.kill()
    alice.tap(50)
    alice.page.reload()
    alice.shows(55)
    expect(alice.page.locator("#waiting")).to_have_text("50 taps waiting", timeout=LIMIT_MS)
    alice.tap(10)
    alice.shows(65)
    assert clicks(game) == 5
    own_web.started()
    alice.context.set_offline(False)
    eventually(lambda: clicks(game) == 65, 20)
    alice.settled()
    expect(alice.page.locator("#saving-later")).to_be_hidden(timeout=LIMIT_MS)
    alice.page.reload()
    alice.shows(65)
    assert clicks(game) == 65


def test_taps_kept_for_a_day_are_sent_in_another_session(phone, web, game):
    """The tab is closed offline; the session is gone from the server when the game is opened again."""
    alice = offline_phone(phone, web)
    alice.tap(5)
    alice.settled()
    alice.context.set_offline(True)
    alice.tap(12)
    alice.page.reload()
    alice.shows(17)
    alice.page.close()
    for session in game.sessions.of_player(ALICE):
        game.redis.delete(game.sessions.hot.keys.session(game.sessions.hot.keys.shard(ALICE), session["id"]))
    alice.context.set_offline(False)
    alice.page = alice.tab()
    alice.opened().shows(17)
    alice.settled()
    assert clicks(game) == 17


def test_the_game_can_be_played_before_the_server_answers(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.tap(3)
    alice.settled()
    alice.block("**/session/resume")
    alice.page.reload()
    alice.tap(4)
    alice.shows(7)
    alice.unblock()
    eventually(lambda: clicks(game) == 7, 20)


def test_the_kept_game_speaks_another_language_at_once(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.tap(3)
    alice.settled()
    alice.block("**/session/resume")
    alice.page.reload()
    alice.page.click("#handle")
    alice.page.get_by_role("button", name="Русский").click()
    expect(alice.page.locator(".label")).to_have_text("Твои клики", timeout=LIMIT_MS)
    assert "language=" not in alice.page.url


def test_the_kept_game_of_one_player_is_not_shown_to_another(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.tap(3)
    alice.settled()
    alice.player = BOB
    alice.block("**/session")
    alice.opened()
    expect(alice.page.locator("#connecting")).to_be_visible(timeout=LIMIT_MS)
    expect(alice.page.locator("#tap")).to_have_count(0)


def test_the_token_is_not_kept_in_the_page_that_is_kept(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    (kept,) = alice.page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('game.'))")
    assert "data-token" not in kept[1]
    assert 'id=\\"tap\\"' in kept[1]
    assert alice.kept("queue.")[0]["token"]


def test_a_new_version_replaces_what_the_service_worker_keeps(phone, web, game):
    alice = offline_phone(phone, web)
    alice.page.evaluate(
        "async () => { const cache = await caches.open('000000000000');"
        " await cache.put('/static/000000000000/js/app.js', new Response('old')) }"
    )
    alice.page.reload()
    alice.shows(0)
    eventually(lambda: len(alice.page.evaluate("caches.keys()")) == 1)
    (digest,) = alice.page.evaluate("caches.keys()")
    names = (
        "async (digest) => (await (await caches.open(digest)).keys()).map((it) => new URL(it.url).pathname)"
    )
    kept = alice.page.evaluate(names, digest)
    assert "/" in kept
    assert f"/static/{digest}/js/queue.js" in kept
    assert {name.split("/")[2] for name in kept if name.startswith("/static/")} == {digest}


def test_two_hundred_taps_of_two_fingers_in_ten_seconds_are_two_hundred(alice, game):
    box = alice.page.locator("#tap").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = [{"x": x - 40, "y": y, "id": 1}, {"x": x + 40, "y": y, "id": 2}]
    touch = alice.context.new_cdp_session(alice.page)
    begun = alice.page.evaluate("performance.now()")
    for _ in range(100):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert alice.page.evaluate("performance.now()") - begun < 10_000
    alice.shows(200)
    eventually(lambda: clicks(game) == 200)
    alice.settled()
    assert clicks(game) == 200
