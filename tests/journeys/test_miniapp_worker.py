"""The service worker by itself: what it keeps is never replaced by a refusal."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from tests.processes import ROOT
from tests.waiting import eventually

SHELL = "<!doctype html><p>shell</p><link href='/static/000000000000/a.css'>"
UPDATED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const { installing } = registration;
  if (!installing) return "none";
  return new Promise((resolve) => (installing.onstatechange = () =>
    ["redundant", "activated"].includes(installing.state) && resolve(installing.state)));
}"""
KEPT = "async () => (await caches.match('/')).status + ' ' + (await (await caches.open('000000000000')).keys()).length"


@pytest.fixture
def site() -> Iterator[SimpleNamespace]:
    """A server with nothing but a shell, a file and the worker; `status` is what the shell is answered with."""
    state = SimpleNamespace(status=200, version=1)

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = 200, "text/html", SHELL
            if self.path == "/":
                status = state.status
            elif self.path == "/sw.js":
                kind, body = "text/javascript", f"{(ROOT / 'static/sw.js').read_text()}// {state.version}"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()


def test_a_refused_shell_replaces_nothing(browser, site):
    page = browser.new_page()
    page.goto(f"{site.url}/page")
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    eventually(lambda: page.evaluate("async () => Boolean(await caches.match('/'))"))
    assert page.evaluate(KEPT) == "200 2"
    site.status, site.version = 503, 2
    assert page.evaluate(UPDATED) == "redundant"
    assert page.evaluate(KEPT) == "200 2"
    page.goto(site.url)
    assert page.text_content("p") == "shell"
    site.status = 200
    assert page.evaluate(UPDATED) == "activated"
    page.close()
