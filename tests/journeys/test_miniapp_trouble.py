"""The Mini App when things go wrong: a tap is neither lost nor counted twice."""

from itertools import count

from playwright.sync_api import Route, expect

from tests.journeys.phone import AWAY, LIMIT_MS
from tests.journeys.test_miniapp import clicks, pause_everyone, turn
from tests.telegram import ALICE, BOB
from tests.waiting import eventually


def lose_the_answer(route: Route) -> None:
    """The server gets the request and answers; the answer never arrives."""
    route.fetch()
    route.abort()


def forget_session(alice, game) -> str:
    """The server does not know the page's session any more. Returns its id."""
    session = alice.page.locator("#game").get_attribute("data-session")
    game.redis.delete(game.sessions.hot.keys.session(game.sessions.hot.keys.shard(ALICE), session))
    return str(session)


def refuse_once(after: int = 0):
    """The edge's answer to one request, when so many went through."""
    numbers = count()

    def refuse(route: Route) -> None:
        if next(numbers) != after:
            return route.continue_()
        headers = {"Retry-After": "1", "HX-Reswap": "none", "Content-Type": "text/html"}
        return route.fulfill(status=503, headers=headers, body="<p>busy</p>")

    return refuse


def test_taps_made_while_the_server_is_dead_are_counted_when_it_is_back(phone, own_web, game):
    alice = phone(own_web.url, forgive=AWAY).opened().named("alice")
    alice.tap(20)
    own_web.kill()
    alice.tap(20)
    notice = alice.page.locator("#saving-later")
    expect(notice).to_contain_text("your taps are safe here", timeout=LIMIT_MS)
    alice.tap(10)
    alice.shows(50)
    expect(notice).to_contain_text("taps waiting", timeout=LIMIT_MS)
    own_web.started()
    eventually(lambda: clicks(game) == 50, 20)
    expect(notice).to_be_hidden(timeout=LIMIT_MS)
    alice.settled()
    assert clicks(game) == 50


def test_a_store_that_is_away_is_a_banner_and_no_stop(phone, own_store):
    web, game, valkey = own_store
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    valkey.kill()
    alice.tap(15)
    expect(alice.page.locator("#saving-later")).to_be_visible(timeout=2 * LIMIT_MS)
    alice.tap(5)
    valkey.start()
    eventually(lambda: clicks(game) == 20, 20)
    expect(alice.page.locator("#saving-later")).to_be_hidden(timeout=LIMIT_MS)


def test_taps_that_could_not_be_sent_survive_a_reload(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.block("**/click")
    alice.tap(25)
    alice.unblock()
    alice.page.reload()
    alice.shows(25)
    eventually(lambda: clicks(game) == 25)
    alice.settled()
    assert clicks(game) == 25


def test_a_page_that_ends_before_its_last_words_are_in_the_database_counts_once(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.page.evaluate(
        "() => { const real = setTimeout; window.setTimeout = (f, ms) => real(f, ms && 6e5) }"
    )
    alice.tap(25)
    eventually(lambda: alice.unsent() == 25)
    assert alice.kept("queue.")[0]["delta"] == 0
    alice.page.evaluate("() => { IDBObjectStore.prototype.put = function () { this.transaction.abort() } }")
    alice.block("**/session/resume")
    alice.page.reload()
    alice.until(lambda: clicks(game) == 25)
    alice.unblock()
    alice.settled()
    assert clicks(game) == 25


def test_what_two_stores_keep_alike_is_taken_up_once(phone, web, game):
    """A hidden page keeps its queue in both. Taken for two, the second would wait for the first one's lock."""
    alice = phone(web.url, forgive=AWAY)
    alice.context.add_init_script(
        "delete AbortSignal.timeout"
    )  # as in browsers of before 2022: no end to that
    alice.opened().named("alice").tap(3)
    alice.settled()
    turn(alice, away=True)
    alice.until(
        lambda: alice.page.evaluate("Object.keys(localStorage).some((it) => it.startsWith('queue.'))")
    )
    alice.page.reload()
    alice.tap(5)
    eventually(lambda: clicks(game) == 8)


def test_taps_that_move_to_a_new_session_leave_nothing_behind(phone, web, game):
    """Without a database, where what is removed must not be written again by a writing that fails late."""
    alice = phone(web.url, forgive=AWAY)
    alice.context.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }"
    )
    alice.opened().named("alice").tap(2)
    eventually(lambda: clicks(game) == 2)
    session = alice.page.locator("#game").get_attribute("data-session")
    game.redis.delete(game.sessions.hot.keys.session(game.sessions.hot.keys.shard(ALICE), session))
    alice.tap(5)
    eventually(lambda: clicks(game) == 7)
    queues = "Object.keys(localStorage).filter((it) => it.startsWith('queue.')).length"
    alice.until(lambda: alice.page.evaluate(queues) == 1)
    alice.page.reload()
    alice.shows(7)
    assert clicks(game) == 7


def test_a_batch_whose_answer_was_lost_counts_once_even_after_a_reload(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.block("**/click", lose_the_answer)
    alice.tap(11)
    alice.until(lambda: clicks(game) > 0)
    alice.unblock()
    alice.page.reload()
    alice.shows(11)
    alice.settled()
    eventually(lambda: clicks(game) == 11)


def test_offline_taps_are_sent_when_the_network_is_back(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.context.set_offline(True)
    alice.tap(50)
    expect(alice.page.locator("#saving-later")).to_be_visible(timeout=LIMIT_MS)
    alice.shows(50)
    alice.context.set_offline(False)
    eventually(lambda: clicks(game) == 50)
    alice.settled()
    assert clicks(game) == 50


def test_two_tabs_lose_nothing_and_double_nothing(alice, game):
    other = alice.tab()
    alice.opened(other)
    for _ in range(5):
        alice.tap(4)
        alice.tap(3, other)
    for page in (alice.page, other):
        page.bring_to_front()
        alice.settled(page)
    eventually(lambda: clicks(game) == 35)
    alice.page.reload()
    alice.shows(35)


def test_a_tab_of_another_player_does_not_take_the_lead(alice, game):
    alice.tap(2)
    alice.settled()
    other = alice.tab()
    alice.player = BOB
    alice.opened(other)
    expect(other.locator("#username")).to_be_visible(timeout=LIMIT_MS)
    held = "navigator.locks.query().then(({held}) => held.map((it) => it.name).sort())"
    assert alice.page.evaluate(held) == sorted([f"queue.{ALICE}", f"queue.{BOB}"])


def test_a_frozen_tab_is_passed_over_and_doubles_nothing_when_it_wakes(alice, game):
    alice.tap(4)
    alice.settled()
    other = alice.tab()
    alice.page.evaluate(
        "() => void setTimeout(() => { for (const end = Date.now() + 5000; Date.now() < end; ); })"
    )
    alice.opened(other)
    alice.tap(3, other)
    eventually(lambda: clicks(game) == 7, 4)
    alice.tap(2)
    alice.tap(1, other)
    eventually(lambda: clicks(game) == 10)
    alice.settled()
    assert clicks(game) == 10


def test_the_queue_of_a_tab_that_was_closed_is_taken_up_by_the_next(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    other = alice.tab()
    alice.opened(other)
    for page in (alice.page, other):
        page.bring_to_front()
        alice.block("**/click", lose_the_answer if page is other else Route.abort, page)
        alice.tap(6, page)
    alice.until(lambda: clicks(game) > 0)
    alice.page.close()
    other.close()
    alice.page = alice.tab()
    alice.opened().shows(12)
    alice.settled()
    eventually(lambda: clicks(game) == 12)


def test_what_is_left_when_the_page_is_hidden_goes_at_once(alice, game):
    alice.tap(8)
    alice.page.goto("about:blank")
    eventually(lambda: clicks(game) == 8)
    alice.opened().shows(8)
    alice.settled()
    assert clicks(game) == 8


def test_a_session_that_the_server_has_forgotten_is_opened_anew_with_its_taps(alice, game):
    alice.tap(2)
    alice.settled()
    session = forget_session(alice, game)
    alice.tap(5)
    eventually(lambda: clicks(game) == 7)
    alice.shows(7)
    assert alice.page.locator("#game").get_attribute("data-session") != session


def test_a_batch_counted_as_the_network_went_away_is_not_counted_in_another_session(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")

    def lose_the_network(route: Route) -> None:
        route.fetch()
        alice.context.set_offline(True)
        route.abort()

    alice.block("**/click", lose_the_network)
    alice.tap(3)
    alice.until(lambda: clicks(game) == 3)
    expect(alice.page.locator("#saving-later")).to_be_visible(timeout=LIMIT_MS)
    forget_session(alice, game)
    alice.unblock()
    alice.context.set_offline(False)
    alice.tap(1)
    alice.until(lambda: clicks(game) == 4)
    alice.settled()
    assert clicks(game) == 4


def test_a_late_refusal_of_a_session_that_was_left_stops_nobody(alice, game):
    """The tap's 401 comes when the heartbeat's has led to another session already."""
    late: list[Route] = []
    alice.block("**/click", lambda route: route.continue_() if late else late.append(route))
    alice.tap(2)
    alice.until(lambda: late)
    session = forget_session(alice, game)
    turn(alice, away=True)
    turn(alice, away=False)
    alice.until(lambda: alice.page.locator("#game").get_attribute("data-session") != session)
    with alice.page.expect_response("**/click"):
        late[0].continue_()
    alice.tap(5)
    alice.until(lambda: clicks(game) == 5)


def test_a_lost_session_is_opened_anew_once_however_slow_the_answer(alice, game):
    asked: list[Route] = []
    alice.block("**/session", asked.append)
    session = forget_session(alice, game)
    alice.tap(1)
    turn(alice, away=True)
    turn(alice, away=False)
    alice.until(lambda: asked)
    with alice.page.expect_response("**/me"):
        alice.page.evaluate("document.dispatchEvent(new CustomEvent('entered'))")
    assert len(asked) == 1
    asked[0].continue_()
    alice.until(lambda: alice.page.locator("#game").get_attribute("data-session") != session)
    alice.until(lambda: clicks(game) == 1)
    assert len(asked) == 1


def test_deferred_taps_are_sent_again_until_all_are_counted(alice, game):
    (kept,) = alice.kept("queue.")
    alice.page.goto(f"{alice.url}/static/img/mark.svg")
    alice.page.evaluate(
        "(kept) => new Promise((resolve) => { indexedDB.open('clicker', 1).onsuccess = ({target}) =>"
        " (target.result.transaction('kept', 'readwrite').objectStore('kept')"
        ".put(kept, kept.key).onsuccess = resolve) })",
        {**kept, "waiting": 1300, "at": kept["at"] + 60_000},
    )
    alice.opened()
    alice.shows(1300)
    eventually(lambda: clicks(game) == 1300, 20)
    alice.shows(1300)


def test_a_pause_while_the_server_is_away_is_overcome_as_well(phone, own_web, game):
    alice = phone(own_web.url, forgive=AWAY).opened().named("alice")
    own_web.kill()
    alice.tap(3)
    pause_everyone(game)
    own_web.started()
    alice.page.click("#overlay .action", timeout=20_000)
    eventually(lambda: clicks(game) == 3)
    alice.shows(3)


def test_going_on_does_not_wait_for_an_answer_that_hangs(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.tap(3)
    alice.settled()
    pause_everyone(game)
    late: list[Route] = []
    alice.block("**/session/resume", lambda route: route.continue_() if late else late.append(route))
    alice.opened().shows(3)
    alice.until(lambda: late)
    turn(alice, away=True)
    turn(alice, away=False)
    alice.page.click("#overlay #go-on")
    expect(alice.page.locator("#overlay")).to_be_hidden(timeout=LIMIT_MS)
    for taps in range(1, 4):
        alice.tap(5)
        alice.until(lambda taps=taps: clicks(game) == 3 + 5 * taps)


def test_taps_that_a_hidden_page_was_refused_go_on_in_the_new_session(alice, game):
    alice.tap(2)
    alice.settled()
    session = alice.page.locator("#game").get_attribute("data-session")
    game.redis.delete(game.sessions.hot.keys.session(game.sessions.hot.keys.shard(ALICE), session))
    with alice.page.expect_response("**/click") as answer:
        alice.tap(3)
        turn(alice, away=True)
    assert answer.value.status == 401
    turn(alice, away=False)
    alice.until(lambda: clicks(game) == 5)


def test_going_on_is_tried_again_until_it_is_answered(alice, game):
    alice.tap(2)
    alice.settled()
    pause_everyone(game)
    alice.tap(3)
    alice.block("**/session/resume", refuse_once())
    alice.page.click("#overlay .action")
    eventually(lambda: (alice.page.evaluate("0"), clicks(game) == 5)[1])
    expect(alice.page.locator("#overlay")).to_be_hidden(timeout=LIMIT_MS)


def test_every_queue_that_was_left_behind_is_asked_for_until_it_is_answered(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    other, third = alice.tab(), alice.tab()
    alice.opened(other).opened(third)
    for page in (alice.page, other):
        page.bring_to_front()
        page.evaluate("() => { window.fetch = () => new Promise(() => {}) }")
        alice.tap(6, page)
    alice.until(lambda: alice.unsent() == 12)
    for page in (alice.page, other, third):
        page.close()
    pause_everyone(game)
    alice.page = alice.tab()
    alice.block("**/session/resume", refuse_once(after=1))
    alice.opened()
    alice.until(lambda: clicks(game) == 12)


def test_a_page_that_never_comes_to_life_offers_to_try_again(phone, web):
    alice = phone(web.url, forgive=AWAY)
    alice.block("**/js/queue.js")
    alice.opened()
    again = alice.page.locator(".again")
    again.evaluate("it => it.getAnimations().forEach((animation) => animation.finish())")
    alice.unblock()
    again.click()
    expect(alice.page.locator("#username")).to_be_visible(timeout=LIMIT_MS)


def test_opening_while_the_server_is_away_goes_on_when_it_is_back(phone, web, game):
    alice = phone(web.url, forgive=AWAY)
    alice.block("**/session")
    alice.opened()
    expect(alice.page.locator("#connecting")).to_be_visible(timeout=LIMIT_MS)
    alice.unblock()
    alice.named("alice")
    expect(alice.page.locator("#connecting")).to_be_hidden(timeout=LIMIT_MS)


def test_whoever_opens_too_often_is_told_kindly_and_let_in_by_themselves(phone, web, game):
    alice = phone(web.url, forgive=AWAY)
    refusals = iter(range(2))

    def too_many(route: Route) -> None:
        if next(refusals, None) is None:
            return route.continue_()
        return route.fulfill(status=429, headers={"Retry-After": "1", "Content-Type": "text/html"}, body="x")

    alice.block("**/session", too_many)
    alice.opened()
    notice = alice.page.locator("#one-moment")
    expect(notice).to_contain_text("opens by itself", timeout=LIMIT_MS)
    alice.named("alice")
    expect(notice).to_be_hidden(timeout=LIMIT_MS)


def test_a_hostile_name_is_only_text_on_the_page(phone, web, game):
    """Typed it is refused; brought into the store behind the rules' back it is shown letter by letter."""
    alice = phone(web.url, forgive=AWAY).opened()
    for name in (
        "<script>window.pwned=1</script>",
        "<img src=x onerror=window.pwned=1>",
        "\u202eecila",
        "😀😀😀",
    ):
        alice.page.fill("#username-field", name)
        alice.page.click("#username .action")
        expect(alice.page.locator("#username-rule[role=alert]")).to_contain_text("Latin", timeout=LIMIT_MS)
    alice.named("alice").tap(1)
    alice.settled()
    evil = "<img src=x onerror=window.pwned=1>"
    game.players.hot.put_username(ALICE, evil)
    alice.opened()
    expect(alice.page.locator("#leaderboard .name").first).to_have_text(evil, timeout=20_000)
    assert alice.page.evaluate("window.pwned") is None
    assert alice.page.locator("#leaderboard img").count() == 0
