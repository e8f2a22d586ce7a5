"""What suits a player: their language, their theme, less motion; friends; and a pause that ends elsewhere."""

import json

from playwright.sync_api import expect

from tests.journeys.phone import AWAY, LIMIT_MS
from tests.journeys.test_miniapp import clicks, pause_everyone, turn
from tests.telegram import ALICE, BOB
from tests.waiting import eventually


def receive(alice, event: str, data: dict) -> None:
    """What Telegram tells the page."""
    alice.page.evaluate(f"(data) => Telegram.WebView.receiveEvent({event!r}, data)", data)


def posted(alice) -> None:
    """From now on the page's calls of Telegram are collected in `posted`."""
    alice.page.add_init_script(
        "window.posted = []; window.TelegramWebviewProxy ="
        " { postEvent: (name, data) => posted.push([name, data]) }"
    )


def test_the_language_is_telegrams_from_the_first_word_on(phone, web, game):
    alice = phone(web.url, forgive=AWAY, locale="en-US")
    alice.block("**/session")
    alice.page.goto(alice.address(language_code="ru"))
    expect(alice.page.locator("html")).to_have_attribute("lang", "ru")
    expect(alice.page.locator(".everyone")).to_have_text("Загрузка…", use_inner_text=True)
    expect(alice.page.locator("#connecting")).to_contain_text(
        "нет связи", use_inner_text=True, timeout=LIMIT_MS
    )


def test_a_language_that_is_not_ours_is_english_whatever_the_browser_speaks(phone, web, game):
    alice = phone(web.url, locale="ru-RU")
    alice.page.goto(alice.address(language_code="de"))
    expect(alice.page.locator("#game h1")).to_have_text("What shall we call you?", timeout=LIMIT_MS)
    expect(alice.page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_changes_at_once_and_stays(phone, web, game):
    alice = phone(web.url).opened().named("alice")
    alice.tap(5)
    alice.page.click("#handle")
    alice.page.get_by_role("button", name="Русский").click()
    expect(alice.page.locator(".label")).to_have_text("Твои клики", timeout=LIMIT_MS)
    expect(alice.page.locator("html")).to_have_attribute("lang", "ru")
    expect(alice.page.locator("#handle")).to_have_attribute("aria-expanded", "true")
    assert game.players.get(ALICE).language == "ru"
    alice.opened()  # Telegram still says English
    expect(alice.page.locator(".label")).to_have_text("Твои клики", timeout=LIMIT_MS)
    alice.shows(5)
    eventually(lambda: clicks(game) == 5)


def test_numbers_are_grouped_in_the_players_language_wherever_they_come_from(phone, web, game):
    """The browser speaks English, the player Russian; the socket is refused, so that the board is asked for."""
    game.players.greet(BOB, "Bob", "ru")
    game.players.choose_username(BOB, "bob")
    shard = game.sessions.hot.keys.shard(BOB)
    game.redis.hset(game.sessions.hot.keys.player(shard, BOB), "clicks", 12_345)
    game.redis.zadd(game.sessions.hot.keys.board(shard), {str(BOB): 12_345})
    game.redis.incrby(game.sessions.hot.keys.total(shard), 12_345)
    alice = phone(web.url, forgive=("htmx: htmx:ws:error", "WebSocket connection"), locale="en-US")
    alice.context.route_web_socket("**/live?*", lambda socket: socket.close())
    with alice.page.expect_response("**/leaderboard") as answer:
        alice.page.goto(alice.address(language_code="ru"))
        alice.named("alice")
    assert "12\xa0345" in answer.value.text()
    expect(alice.page.locator("#total")).to_have_text("12\xa0345", timeout=LIMIT_MS)
    expect(alice.page.locator(".board .count").first).to_have_text("12\xa0345")


def test_the_theme_follows_telegrams(phone, web):
    alice = phone(web.url).opened()
    alice.named("alice")
    background = "getComputedStyle(document.body).backgroundColor"
    assert alice.page.evaluate(background) == "rgb(238, 241, 245)"
    dark = {"secondary_bg_color": "#101820", "text_color": "#ffffff", "section_bg_color": "#1c2733"}
    receive(alice, "theme_changed", {"theme_params": dark})
    eventually(lambda: alice.page.evaluate(background) == "rgb(16, 24, 32)")


def test_with_reduced_motion_nothing_moves_but_the_number(phone, web, game):
    alice = phone(web.url, reduced_motion="reduce").opened().named("alice")
    alice.tap(1)
    alice.shows(1)
    flight = "document.querySelector('.plus').getAnimations()[0]"
    frames = eventually(
        lambda: alice.page.evaluate(f"{flight}?.effect.getKeyframes().map((it) => it.transform)")
    )
    assert not {frame for frame in frames if frame}


def test_a_milestone_is_celebrated(phone, web, game):
    alice = phone(web.url)
    posted(alice)
    alice.opened().named("alice").tap(99)
    assert alice.page.evaluate("document.querySelector('.spark').getAnimations().length") == 0
    alice.tap(1)
    assert alice.page.evaluate("document.querySelector('.spark').getAnimations().length") == 1
    assert "success" in json.dumps(alice.page.evaluate("posted"))


def test_what_telegram_is_asked_for_while_playing(phone, web, game):
    alice = phone(web.url, forgive=AWAY)
    posted(alice)
    alice.opened().named("alice")
    alice.block("**/click")
    alice.tap(1)
    asked = "posted.map(([name, data]) => name + ' ' + data)"
    eventually(lambda: any('need_confirmation":true' in it for it in alice.page.evaluate(asked)))
    alice.unblock()
    alice.settled()
    told = alice.page.evaluate(asked)
    assert any("haptic" in it and "light" in it for it in told)
    assert any("setup_swipe_behavior" in it and "false" in it for it in told)
    closing = [it for it in told if "closing_behavior" in it]
    assert "false" in closing[-1]


def test_friends_are_told_and_the_home_screen_is_offered_when_it_is_missing(phone, web, game):
    game.outbox.introduce("clicker_bot")
    alice = phone(web.url)
    posted(alice)
    alice.page.goto(alice.address() + "&tgWebAppBotInline=1")
    alice.named("alice")
    alice.page.click("#handle")
    expect(alice.page.locator("#add-to-home")).to_be_hidden()
    receive(alice, "home_screen_checked", {"status": "missing"})
    alice.page.click("#add-to-home")
    receive(alice, "home_screen_added", {})
    expect(alice.page.locator("#add-to-home")).to_be_hidden()
    alice.page.click("#share")
    alice.page.click("#invite")
    told = dict(alice.page.evaluate("posted"))
    assert "web_app_add_to_home_screen" in told
    assert json.loads(told["web_app_switch_inline_query"])["chat_types"] == ["users", "groups", "channels"]
    assert f"clicker_bot%3Fstart%3Dref_{ALICE}" in told["web_app_open_tg_link"]


def test_my_row_is_below_the_board_when_i_am_not_on_it(phone, web, game):
    for number in range(21):
        game.players.greet(5000 + number, "x", "en")
        game.players.choose_username(5000 + number, f"player_{number}")
        shard = game.sessions.hot.keys.shard(5000 + number)
        game.redis.hset(game.sessions.hot.keys.player(shard, 5000 + number), "clicks", 100 + number)
        game.redis.zadd(game.sessions.hot.keys.board(shard), {str(5000 + number): 100 + number})
    alice = phone(web.url).opened().named("alice")
    alice.tap(13)
    row = alice.page.locator("#my-row")
    expect(row).to_contain_text("#22 alice 87 taps to #21", timeout=LIMIT_MS)
    alice.tap(120)
    expect(row).to_be_hidden(timeout=LIMIT_MS)
    expect(alice.page.locator(".board [aria-current]")).to_contain_text("alice")


def test_going_on_in_the_chat_takes_the_pause_from_the_page(phone, web, game):
    alice = phone(web.url).opened().named("alice")
    alice.tap(3)
    alice.settled()
    pause_everyone(game)
    alice.tap(2)
    expect(alice.page.locator("#overlay")).to_contain_text("Paused", timeout=LIMIT_MS)
    turn(alice, away=True)
    assert game.sessions.resume_newest(ALICE)
    turn(alice, away=False)
    expect(alice.page.locator("#overlay")).to_be_hidden(timeout=LIMIT_MS)
    eventually(lambda: clicks(game) == 5)
    alice.shows(5)


def test_who_looks_on_without_doing_anything_is_paused_and_told_so(phone, web, game):
    """Time goes on only when the page has taken in the answer: the next sign of life is planned from there."""
    alice = phone(web.url, forgive=AWAY)
    alice.page.clock.install()
    alice.opened().named("alice").tap(1)
    alice.settled()
    alice.page.evaluate(
        "window.beats = 0; document.addEventListener('htmx:finally:request',"
        " ({detail}) => { beats += detail.ctx.request.action === '/session/heartbeat' })"
    )
    for beat in range(3):
        alice.page.clock.fast_forward(24_000)
        alice.until(lambda beat=beat: alice.page.evaluate("beats") == beat + 1)
    alice.page.clock.fast_forward(60_000)
    assert alice.page.evaluate("beats") == 3
    pause_everyone(game)
    alice.page.clock.fast_forward(30_000)
    expect(alice.page.locator("#overlay")).to_contain_text("Paused", timeout=LIMIT_MS)
