"""A house with an operator."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from clicker import wiring
from clicker.settings import Settings
from clicker.wiring import Services
from tests.conftest import Stores, empty
from tests.processes import Web
from tests.waiting import eventually

PASSWORD = "correct horse battery"
HTML = {"Accept": "text/html"}
DESK = {"width": 1280, "height": 800}
LIMIT_MS = 20_000
_REFUSED = "Failed to load resource: the server responded"
"""What Chromium says of every answer from 400 on, expected or not."""
_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (it) =>
  console.error(`policy: ${it.effectiveDirective} ${it.blockedURI} ${it.sample}`));"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, admin_password=PASSWORD)


class Operator:
    """A browser of the operator's: keeps cookies, and sends the token of the last page."""

    def __init__(self, app: Flask) -> None:
        self.client, self.token = app.test_client(), ""

    def get(self, path: str, **headers: str) -> Any:
        answer = self.client.get(f"/admin{path}", headers={**HTML, **headers})
        page = answer.text if answer.mimetype == "text/html" else ""
        found = re.search(r'name="token" value="([^"]+)"', page)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Any:
        """As htmx does."""
        sent = {"HX-Request": "true", "X-CSRFToken": self.token, **headers}
        return self.client.post(f"/admin{path}", data=data or {}, headers=sent)

    def try_(self, password: str, address: str = "203.0.113.7") -> Any:
        """As the login form does."""
        self.get("/login")
        return self.client.post(
            "/admin/login",
            data={"password": password, "token": self.token},
            headers=HTML,
            environ_base={"REMOTE_ADDR": address},
        )

    def entered(self) -> "Operator":
        assert self.try_(PASSWORD).status_code == 303
        self.get("/")
        return self


@pytest.fixture
def browser_of(app: Flask) -> Callable[[], Operator]:
    return lambda: Operator(app)


@pytest.fixture
def operator(app: Flask) -> Operator:
    return Operator(app).entered()


@pytest.fixture
def game(stores: Stores, web: Web) -> Iterator[Services]:
    """The game at the real time, empty."""
    built = wiring.build(
        Settings(
            database_url=stores.database_url, redis_url=stores.redis_url, rq_redis_url=stores.rq_redis_url
        )
    )
    empty(built)
    eventually(web.ready, 30, f"web is ready, see {web.log}")
    yield built
    built.postgres.close_all()
    built.redis.close()


@pytest.fixture
def open_(browser: Browser, web: Web, game: Services) -> Iterator[Callable[..., Page]]:
    """Opens a page of `/admin` in a browser of its own; at the end none may have complained, of our policy or else."""
    expect.set_options(timeout=LIMIT_MS)
    complaints: list[str] = []
    contexts = []

    def complain(text: str) -> None:
        if not text.startswith(_REFUSED):
            complaints.append(text)

    def make(path: str = "/", **context: object) -> Page:
        contexts.append(browser.new_context(**{"viewport": DESK, **context}))
        page = contexts[-1].new_page()
        page.add_init_script(_VIOLATIONS)
        page.set_default_timeout(LIMIT_MS)
        page.on("console", lambda message: message.type == "error" and complain(message.text))
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(f"{web.url}/admin{path}")
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
