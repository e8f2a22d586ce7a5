"""The chat page in a real browser, with a Mini App that speaks Telegram's protocol."""

import http.server
import threading

import pytest
from playwright.sync_api import expect

from tests.processes import free_port

APP = b"""<!doctype html><title>app</title><p id="log"></p><script src="app.js"></script>"""
SCRIPT = b"""
const log = (text) => { document.getElementById("log").textContent += text + ";"; };
const tell = (eventType, eventData) => parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
addEventListener("message", (event) => {
  const { eventType, eventData } = JSON.parse(event.data);
  log(eventType === "theme_changed" ? "theme " + eventData.theme_params.bg_color : eventType);
});
log(new URLSearchParams(location.hash.slice(1)).get("tgWebAppData").includes("hash=") ? "signed" : "unsigned");
for (const name of ["theme", "viewport", "safe_area", "content_safe_area"]) tell("web_app_request_" + name);
tell("web_app_setup_closing_behavior", { need_confirmation: true });
tell("web_app_setup_back_button", { is_visible: true });
"""


class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        script = self.path.startswith("/app.js")
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.end_headers()
        self.wfile.write(SCRIPT if script else APP)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def played(start_sandbox):
    """A sandbox whose play_url is the little app above."""
    port = free_port()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield start_sandbox(SANDBOX_LIMITS="off", PORT=str(port)).wait()
    server.shutdown()


@pytest.fixture
def page(browser, played):
    """Alice's chat; fails the test at its end if the browser had anything to complain about."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light")
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{played.url}/?user=1001")
    expect(page.locator(".person")).to_have_count(3)
    yield page
    context.close()
    assert complaints == []


def bot_says(sandbox, text, **more):
    sandbox.act(1001, "messages", text="/start")
    return sandbox.result("sendMessage", chat_id=1001, text=text, **more)["message_id"]


def test_what_the_bot_writes_is_shown_as_text_with_its_formatting(played, page):
    bot_says(played, "<b>5</b> clicks &lt;img src=x onerror=alert(1)&gt;", parse_mode="HTML")
    bubble = page.locator("article").last
    expect(bubble.locator("b")).to_have_text("5")
    expect(bubble.locator(".text")).to_have_text("5 clicks <img src=x onerror=alert(1)>")
    expect(bubble.locator("img")).to_have_count(0)


def test_a_pressed_button_turns_until_the_bot_answers_with_a_toast(played, page):
    bot_says(played, "x", reply_markup={"inline_keyboard": [[{"text": "Refresh", "callback_data": "r"}]]})
    button = page.get_by_role("button", name="Refresh").last
    button.click()
    expect(button).to_have_class("key waiting")
    query = played.updates("callback_query")[-1]["callback_query"]["id"]
    played.result("answerCallbackQuery", callback_query_id=query, text="Up to date")
    expect(page.locator(".toast")).to_have_text("Up to date")


def test_a_forced_reply_is_typed_into_its_placeholder(played, page):
    asked = bot_says(
        played, "Name?", reply_markup={"force_reply": True, "input_field_placeholder": "alice_taps"}
    )
    page.get_by_placeholder("alice_taps").fill("alice")
    page.keyboard.press("Enter")
    expect(page.locator("article.mine").last).to_contain_text("alice")
    last = played.updates("message")[-1]["message"]
    assert (last["text"], last["reply_to_message"]["message_id"]) == ("alice", asked)


def test_unread_marks_count_what_came_to_the_others(played, page):
    played.act(1002, "messages", text="/start")
    played.result("sendMessage", chat_id=1002, text="x")
    mark = page.locator('[data-user="1002"] .unread')
    expect(mark).to_have_text("1")
    page.locator('[data-user="1002"]').click()
    expect(mark).to_have_count(0)


def test_the_mini_app_gets_signed_data_theme_back_button_and_asks_before_closing(played, page):
    markup = {"inline_keyboard": [[{"text": "Play", "web_app": {"url": played.get("bot")["play_url"]}}]]}
    bot_says(played, "x", reply_markup=markup)
    page.get_by_role("button", name="Play").last.click()
    log = page.frame_locator("iframe").locator("#log")
    for part in (
        "signed;",
        "theme #ffffff;",
        "viewport_changed;",
        "safe_area_changed;content_safe_area_changed;",
    ):
        expect(log).to_contain_text(part)
    page.locator("#toggle-theme").click()
    expect(log).to_contain_text("theme #161c24;")
    page.locator("#miniapp-back").click()
    expect(log).to_contain_text("back_button_pressed;")
    page.frame_locator("iframe").locator("#log").evaluate("() => tell('web_app_close')")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#miniapp")).to_be_visible()
    page.frame_locator("iframe").locator("#log").evaluate("() => tell('web_app_close')")
    page.get_by_role("button", name="Close anyway").click()
    expect(page.locator("#miniapp")).to_be_hidden()


def test_the_page_allows_its_own_files_and_the_mini_apps_frame_only(played):
    policy = played.session.get(played.url + "/").headers["Content-Security-Policy"]
    origin = played.get("bot")["play_url"].rstrip("/")
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", f"frame-src {origin}"):
        assert rule in policy
    assert "unsafe" not in policy
