"""A house with an operator."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from clicker.settings import Settings

PASSWORD = "correct horse battery"
HTML = {"Accept": "text/html"}


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
