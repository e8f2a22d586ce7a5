"""What an operator's shift in a real browser needs: a desk, a player who taps, and the way through the door."""

import requests
from playwright.sync_api import Page, expect

from tests.telegram import ALICE, init_data
from tests.web.admin.conftest import LIMIT_MS, PASSWORD


class Phone:
    """Somebody who taps."""

    def __init__(self, url: str, player: int = ALICE, username: str = "alice") -> None:
        self.url, self.http, self.sequence = url, requests.Session(), 0
        self.http.headers["Accept"] = "application/json"
        opened = self.http.post(f"{url}/session", data={"init_data": init_data(player)})
        self.http.headers["Authorization"] = "Bearer " + opened.json()["token"]
        assert self.http.post(f"{url}/username", data={"username": username}).ok

    def tap(self) -> requests.Response:
        self.sequence += 1
        return self.http.post(
            f"{self.url}/click", data={"delta": 3, "sequence": self.sequence}, timeout=LIMIT_MS / 1000
        )


def enter(page: Page) -> Page:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#level")).to_be_visible()
    return page


def entered(url: str) -> requests.Session:
    """Somebody who is in, without a browser; `X-CSRFToken` goes with all they send."""
    http = requests.Session()
    for path in ("login", ""):
        token = http.get(f"{url}/admin/{path}").text.partition('name="token" value="')[2].partition('"')[0]
        if path:
            assert http.post(f"{url}/admin/login", data={"password": PASSWORD, "token": token}).ok
    http.headers.update({"X-CSRFToken": token, "Accept": "text/html"})
    return http
