"""The Mini App in a real browser, on a real server and real stores."""

from playwright.sync_api import expect

from clicker.clock import to_ms
from tests.journeys.phone import AWAY, LIMIT_MS
from tests.telegram import ALICE, BOB, CHARLIE
from tests.waiting import eventually

DAY_S = 24 * 3600


def clicks(game, player: int = ALICE) -> int:
    return game.players.get(player).clicks


def pause_everyone(game) -> None:
    """What the reaper does to those who were idle for too long, now."""
    assert game.sessions.hot.pause_idle(to_ms(game.clock() + 1), 1000)


def test_a_new_player_chooses_a_name_and_keeps_a_hundred_taps_over_a_reload(phone, web, game):
    game.players.choose_username(BOB, "bob")
    alice = phone(web.url).opened()
    rule = alice.page.locator("#username-rule")
    alice.page.fill("#username-field", "a")
    alice.page.press("#username-field", "Enter")
    expect(rule).to_contain_text("Too short", timeout=LIMIT_MS)
    expect(alice.page.locator("#username-field")).to_have_value("a")
    alice.page.fill("#username-field", "bob")
    alice.page.press("#username-field", "Enter")
    expect(rule).to_contain_text("Someone else", timeout=LIMIT_MS)
    alice.named("alice").tap(100)
    alice.shows(100)
    eventually(lambda: clicks(game) == 100)
    row = alice.page.locator('#leaderboard [data-username="alice"]')
    expect(row).to_contain_text("100", timeout=LIMIT_MS)
    expect(row).to_have_attribute("aria-current", "true")
    alice.page.reload()
    alice.shows(100)
    assert clicks(game) == 100


def test_a_surprising_name_obeys_the_rules(phone, web, game):
    alice = phone(web.url).opened()
    alice.page.click("#surprise")
    alice.named(alice.page.input_value("#username-field"))


def test_telegrams_own_username_is_filled_in(phone, web, game):
    alice = phone(web.url)
    alice.page.goto(alice.address(username="alice_in_tg"))
    expect(alice.page.locator("#username-field")).to_have_value("alice_in_tg", timeout=LIMIT_MS)


def test_the_number_moves_before_the_server_hears_of_the_tap(phone, web, game):
    alice = phone(web.url, forgive=AWAY).opened().named("alice")
    alice.block("**/click")
    alice.tap(3)
    assert alice.page.text_content("#clicks") == "3"
    assert clicks(game) == 0


def test_two_fingers_at_once_are_two_taps(alice, game):
    box = alice.page.locator("#tap").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = [{"x": x - 40, "y": y, "id": 1}, {"x": x + 40, "y": y, "id": 2}]
    touch = alice.context.new_cdp_session(alice.page)
    for _ in range(10):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    alice.shows(20)
    eventually(lambda: clicks(game) == 20)


def test_space_and_enter_are_taps_but_a_held_key_is_one(alice, game):
    alice.page.keyboard.press("Space")
    alice.page.keyboard.press("Enter")
    for _ in range(5):
        alice.page.keyboard.down("Space")
    alice.page.keyboard.up("Space")
    alice.shows(3)
    alice.page.focus("#tap")
    alice.page.keyboard.press("Space")
    alice.page.keyboard.press("Enter")
    alice.shows(5)
    eventually(lambda: clicks(game) == 5)


def test_presses_made_by_a_script_do_not_count(alice):
    alice.page.evaluate(
        "for (const name of ['pointerdown', 'pointerup', 'click'])"
        " document.getElementById('tap').dispatchEvent(new PointerEvent(name, {bubbles: true}));"
        "document.getElementById('tap').click()"
    )
    alice.tap(1)
    alice.shows(1)


def test_a_paused_session_goes_on_with_the_taps_that_were_not_sent(alice, game):
    alice.tap(5)
    eventually(lambda: clicks(game) == 5)
    alice.settled()
    pause_everyone(game)
    alice.tap(7)
    expect(alice.page.locator("#overlay")).to_contain_text("Paused", timeout=LIMIT_MS)
    assert alice.unsent() == 7
    alice.page.click("#overlay .action")
    expect(alice.page.locator("#overlay")).to_be_hidden(timeout=LIMIT_MS)
    alice.shows(12)
    eventually(lambda: clicks(game) == 12)


def test_nothing_behind_the_overlay_can_be_pressed(alice, game):
    pause_everyone(game)
    alice.tap(1)
    expect(alice.page.locator("#overlay .action")).to_be_focused(timeout=LIMIT_MS)
    assert alice.page.locator(".play").evaluate("it => it.inert")
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#overlay")).to_be_hidden(timeout=LIMIT_MS)
    assert not alice.page.locator(".play").evaluate("it => it.inert")
    alice.shows(1)
    eventually(lambda: clicks(game) == 1)


def test_a_heartbeat_is_sent_only_while_the_player_looks(phone, web, game):
    alice = phone(web.url, forgive=AWAY)  # the clock runs away from requests that are under way
    alice.page.clock.install()
    alice.opened().named("alice")
    beats: list[str] = []
    alice.page.on("request", lambda request: request.url.endswith("/heartbeat") and beats.append(request.url))
    with alice.page.expect_response("**/session/heartbeat"):
        alice.page.clock.fast_forward(25_000)
    turn(alice, away=True)
    alice.page.clock.fast_forward(60_000)
    alice.page.evaluate("0")
    assert len(beats) == 1
    with alice.page.expect_response("**/session/heartbeat"):
        turn(alice, away=False)


def turn(alice, away: bool) -> None:
    """What Telegram tells the page when the player puts it into the background, or takes it out again."""
    told = {"is_visible": not away}
    alice.page.evaluate("(told) => Telegram.WebView.receiveEvent('visibility_changed', told)", told)


def test_leaving_for_another_chat_sends_what_is_left_at_once(alice, game):
    alice.page.clock.install()
    alice.page.clock.pause_at(game.clock() + 3600)
    alice.tap(4)
    assert clicks(game) == 0
    turn(alice, away=True)
    eventually(lambda: clicks(game) == 4)
    turn(alice, away=False)
    alice.settled()


def test_the_live_socket_shows_another_players_taps_without_a_reload(alice, phone, web):
    bob = phone(web.url, BOB).opened().named("bob")
    alice.tap(30)
    expect(bob.page.locator('#leaderboard [data-username="alice"]')).to_contain_text("30", timeout=LIMIT_MS)
    expect(bob.page.locator("#total")).to_have_text("30", timeout=LIMIT_MS)
    expect(bob.page.locator("#leaderboard [aria-current]")).to_have_count(0)
    bob.tap(1)
    expect(bob.page.locator("#standing")).to_contain_text("30 taps to pass alice", timeout=LIMIT_MS)
    expect(bob.page.locator("#standing b")).to_have_text("#2")


def test_without_a_socket_the_board_is_asked_for(phone, web):
    """Bob's browser refuses the socket: the board comes by GET /leaderboard."""
    bob = phone(web.url, BOB, forgive=("htmx: htmx:ws:error", "WebSocket connection"))
    bob.context.route_web_socket("**/live?*", lambda socket: socket.close())
    bob.opened().named("bob")
    charlie = phone(web.url, CHARLIE).opened().named("charlie")
    charlie.tap(4)
    expect(bob.page.locator('#leaderboard [data-username="charlie"]')).to_contain_text("4", timeout=LIMIT_MS)
    expect(bob.page.locator("#total")).to_have_text("4", timeout=LIMIT_MS)


def test_a_screen_reader_hears_the_score_after_a_while_and_not_each_tap(alice):
    alice.page.evaluate(
        "window.spoken = []; const it = document.getElementById('standing'); new MutationObserver(() =>"
        " spoken.push(it.textContent)).observe(it, {childList: true, characterData: true, subtree: true})"
    )
    assert alice.page.locator("#standing").get_attribute("role") == "status"
    assert alice.page.locator("[role=status] #clicks, [aria-live] #clicks").count() == 0
    alice.tap(20)
    alice.settled()
    with alice.page.expect_response("**/me"):
        turn(alice, away=True)
        turn(alice, away=False)
    expect(alice.page.locator("#standing")).to_contain_text("Your clicks: 20.", timeout=LIMIT_MS)
    assert len(alice.page.evaluate("spoken")) <= 3


def test_the_board_opens_as_a_sheet_and_closes_again(alice):
    handle = alice.page.locator("#handle")
    for key, expanded in (("Enter", "true"), ("Escape", "false")):
        handle.press(key)
        expect(handle).to_have_attribute("aria-expanded", expanded)
    alice.shows(0)


def test_a_stale_link_says_so_and_offers_the_way_back(phone, web, game):
    alice = phone(web.url)
    alice.page.goto(alice.address(now=game.clock() - DAY_S - 60))
    expect(alice.page.locator("#overlay")).to_contain_text("a day old", timeout=LIMIT_MS)
    expect(alice.page.locator("#overlay #close")).to_be_visible()


def test_outside_telegram_the_page_says_how_to_open_the_game(phone, web):
    alice = phone(web.url)
    alice.page.goto(web.url)
    expect(alice.page.locator("#outside")).to_contain_text("from the bot's chat", timeout=LIMIT_MS)


def test_an_address_that_is_garbled_is_no_blank_page(phone, web):
    alice = phone(web.url)
    alice.page.goto(f"{web.url}/#tgWebAppData=user%3D%257Bhalf&tgWebAppThemeParams=%7Bhalf")
    expect(alice.page.locator("#outside")).to_contain_text("from the bot's chat", timeout=LIMIT_MS)


def test_the_game_opens_without_telegrams_script(phone, web, game):
    alice = phone(web.url, forgive=AWAY)
    alice.block("**/telegram-web-app.js*")
    alice.opened().named("alice").tap(3)
    eventually(lambda: clicks(game) == 3)
    expect(alice.page.locator("body")).to_have_css("background-color", "rgb(238, 241, 245)")


def test_the_game_works_with_storage_blocked(phone, web, game):
    alice = phone(web.url)
    alice.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('blocked', 'SecurityError') }})"
    )
    alice.opened().named("alice").tap(9)
    eventually(lambda: clicks(game) == 9)
    alice.page.reload()
    alice.shows(9)


def test_initdata_is_not_repeated_in_any_header(phone, web):
    alice = phone(web.url)
    headers: list[dict] = []
    alice.page.on("request", lambda request: headers.append(request.all_headers()))
    alice.opened().named("alice").tap(1)
    alice.settled()
    assert not [name for sent in headers for name, value in sent.items() if "tgWebAppData" in value]
