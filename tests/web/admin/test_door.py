"""Who gets into /admin/, and who does not."""

import logging
import re
from dataclasses import replace

import pytest
import redis

from clicker import wiring
from clicker.admin import service
from clicker.admin.rules import LOGIN_S, TRIES, TRIES_OF_ALL, TRIES_WINDOW_S, WrongPassword, redacted
from clicker.web.app import create_app
from tests.waiting import eventually
from tests.web.admin.conftest import HTML, PASSWORD, Operator


@pytest.mark.parametrize(
    "path", ["", "/", "/login", "/now", "/players", "/rq/", "/rq/static/js/jobs.js", "/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_password_there_is_no_admin(settings, services, clock, path, method):
    app = create_app(wiring.build(replace(settings, admin_password=""), clock))
    assert app.test_client().open(f"/admin{path}", method=method).status_code == 404


@pytest.mark.parametrize("path", ["/", "/now", "/players", "/players/1", "/rq/", "/rq/0/data/queues.json"])
def test_nothing_is_seen_before_the_login(browser_of, path):
    answer = browser_of().get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/login")
    assert browser_of().get(path, **{"HX-Request": "true"}).headers["HX-Redirect"] == "/admin/login"


def test_the_right_password_opens_and_logging_out_closes_for_good(app, browser_of):
    operator = browser_of().entered()
    assert "Pace" in operator.get("/").text
    cookie = operator.client.get_cookie("clicker_admin", path="/admin")
    kept = cookie.value
    assert operator.client.post("/admin/logout", data={"token": operator.token}).status_code == 303
    assert operator.get("/").status_code == 303
    thief = app.test_client()
    thief.set_cookie("clicker_admin", kept, path="/admin")
    assert thief.get("/admin/", headers=HTML).status_code == 303, "a cookie kept from before is worth nothing"


def test_the_cookie_is_for_this_browser_and_these_pages_only(browser_of, settings, services, clock):
    header = browser_of().try_(PASSWORD).headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/admin", "SameSite=Strict", f"Max-Age={LOGIN_S}"} <= set(header.split("; "))
    assert "Secure" not in header.split("; ")
    live = replace(settings, env="production")
    header = Operator(create_app(wiring.build(live, clock))).try_(PASSWORD).headers["Set-Cookie"]
    assert "Secure" in header.split("; ")


def test_a_login_ends_after_eight_hours_or_with_the_password(browser_of, services, clock, settings):
    operator = browser_of().entered()
    cookie = operator.client.get_cookie("clicker_admin", path="/admin").value
    assert services.admin.read(cookie).entered
    other = wiring.build(replace(settings, admin_password="another one"), clock)
    assert other.admin.read(cookie) is None
    clock.move(LOGIN_S + 1)
    assert operator.get("/").status_code == 303


def test_a_made_up_cookie_opens_nothing(app, services, browser_of):
    cookie = browser_of().entered().client.get_cookie("clicker_admin", path="/admin").value
    name, entered, expires, signature = cookie.split(".")
    visitor = services.admin.logins.signed(services.admin.visit())
    raised = ".".join([visitor.split(".")[0], "1", *visitor.split(".")[2:]])
    for made_up in (
        raised,
        f"{name}.{entered}.{int(expires) + 9}.{signature}",
        "",
        "....",
        "x" * 3000,
        "é.1.9.x",
    ):
        client = app.test_client()
        client.set_cookie("clicker_admin", made_up, path="/admin")
        assert client.get("/admin/", headers=HTML).status_code == 303


def test_wrong_passwords_are_throttled_by_address_and_the_right_one_too_then(browser_of, clock):
    thief = browser_of()
    for _ in range(TRIES):
        answer = thief.try_("wrong")
        assert answer.status_code == 401
        assert "not the password" in answer.text
    refused = thief.try_(PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= TRIES_WINDOW_S
    assert browser_of().try_(PASSWORD, address="198.51.100.1").status_code == 303, (
        "from elsewhere one gets in"
    )


def test_wrong_passwords_from_everywhere_are_throttled_together(services):
    for number in range(TRIES_OF_ALL):
        services.admin.store.tried(f"192.0.2.{number}")
    assert services.admin.store.tried("198.51.100.1").too_often


def test_who_gets_in_starts_anew(browser_of, services):
    browser = browser_of()
    for _ in range(3):
        for _ in range(TRIES - 1):
            assert browser.try_("wrong").status_code == 401
        assert browser.try_(PASSWORD).status_code == 303
        browser.client.post("/admin/logout", data={"token": browser.get("/").text and browser.token})


def test_without_the_hot_store_nobody_is_let_in(settings, services, clock):
    away = wiring.build(replace(settings, redis_url="redis://127.0.0.1:1"), clock)
    answer = Operator(create_app(away)).try_(PASSWORD)
    assert answer.status_code == 503
    assert "hot store is away" in answer.text


def test_without_the_hot_store_who_is_in_may_look_but_not_touch(operator, settings, clock):
    away = Operator(create_app(wiring.build(replace(settings, redis_url="redis://127.0.0.1:1"), clock)))
    cookie = operator.client.get_cookie("clicker_admin", path="/admin").value
    away.client.set_cookie("clicker_admin", cookie, path="/admin")
    page = away.get("/")
    assert page.status_code == 200
    assert "The hot store does not answer" in page.text
    assert "Store away" in page.text
    assert away.post("/pace", {"level": "busy"}).status_code == 503


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 5000])
def test_a_form_without_the_page_s_token_does_nothing(operator, services, token):
    answer = operator.post("/pace", {"level": "busy"}, **{"X-CSRFToken": token.encode().decode("latin-1")})
    assert (answer.status_code, "notice" in answer.headers["HX-Retarget"]) == (403, True)
    services.pace.follow()
    assert services.pace.published.held == ""


def test_another_login_s_token_does_nothing(operator, browser_of, services):
    stranger = browser_of().entered()
    operator.token = stranger.token
    assert operator.post("/pace", {"level": "busy"}).status_code == 403
    anonymous = browser_of()
    answer = anonymous.client.post("/admin/login", data={"password": PASSWORD, "token": operator.token})
    assert answer.status_code == 403


def test_every_page_has_the_strictest_headers(operator, browser_of):
    pages = [
        operator.get("/"),
        operator.get("/players"),
        browser_of().get("/login"),
        browser_of().try_("wrong"),
    ]
    for answer in pages:
        policies = answer.headers.getlist("Content-Security-Policy")
        assert len(policies) == 1
        assert "frame-ancestors 'none'" in policies[0]
        assert "unsafe" not in policies[0]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", answer.text)


def test_errors_of_all_processes_are_shown_without_secrets(operator, services, settings):
    services.admin.keep_errors("worker")
    keeper = logging.getLogger().handlers[-1]
    try:
        logging.getLogger("somewhere").error(
            "could not reach postgresql://clicker:hunter2@db/clicker with %s <script>", settings.bot_token
        )
        eventually(lambda: services.admin.store.errors(1))
    finally:
        logging.getLogger().removeHandler(keeper)
    text = operator.get("/now").text
    assert "could not reach postgresql://***@db/clicker" in text
    assert "&lt;script&gt;" in text
    assert settings.bot_token not in text
    assert "hunter2" not in text


def test_secrets_are_taken_out_of_errors_and_errors_are_short():
    said = "Bearer abc.def https://api/bot987654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw x-secret-x"
    told = redacted(said, ["x-secret-x"])
    assert told == "Bearer *** https://api/bot*** ***"
    assert len(redacted("x" * 10_000, ["", "x"])) == 600


def test_errors_wait_for_the_hot_store(services):
    services.admin.keep_errors("bot")
    keeper = logging.getLogger().handlers[-1]
    logging.getLogger().removeHandler(keeper)
    keeper.keep, kept = lambda some: (_ for _ in ()).throw(redis.ConnectionError()), keeper.keep
    keeper.emit(logging.LogRecord("x", logging.ERROR, "x", 1, "lost?", None, None))
    assert not keeper._brought()
    keeper.keep = kept
    assert eventually(lambda: [m for m in services.admin.store.errors(9) if "lost?" in m.text])


@pytest.mark.parametrize("guess", ["", "x", PASSWORD[:-1], PASSWORD + "x", "é" * 256])
def test_a_guess_is_compared_in_the_same_time_whatever_it_is(services, monkeypatch, guess):
    compared = []
    monkeypatch.setattr(service, "compare_digest", lambda a, b: compared.append((len(a), len(b))))
    with pytest.raises(WrongPassword):
        services.admin.enter(guess, "203.0.113.7")
    assert compared == [(32, 32)], "digests of one length, by hmac's own comparison"
