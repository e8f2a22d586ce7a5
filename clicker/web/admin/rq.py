"""RQ's own dashboard behind our door.

It is an app of its own, asked from within ours, because it keeps its connection and its settings on "the app". It
was written for pages without a content security policy. So its answers are changed on the way out: its scripts get
the request's nonce, its templates, which it would turn into code in the browser (`unsafe-eval`), are turned into
code here, and its few style attributes are allowed by their hashes. What it does not escape is escaped. It gets our
bar and colours, and what screen readers need to find their way.
"""

import json
import logging
import re
import secrets
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import rq_dashboard
from flask import Flask
from redis import Redis, RedisError
from rq.exceptions import NoSuchJobError
from werkzeug.wrappers import Response

from clicker.web.admin.underscore import functions

log = logging.getLogger(__name__)

_FOLDER = Path(rq_dashboard.__file__).parent
_STYLE = re.compile(r'\bstyle="([^"]*)"')
_SCRIPT = re.compile(r"<script(?= src=| type=\"text/javascript\")")
_INLINE = '<script type="text/javascript">'
READS = {
    "<title>RQ dashboard</title>": "<title>Jobs · Clicker admin</title>",
    '<a class="navbar-brand">RQ-dashboard</a>': "",
    '<div id="navbar-dashboard" class="navbar navbar-expand-lg': (
        '<div role="navigation" aria-label="RQ" id="navbar-dashboard" class="navbar navbar-expand'
    ),
    '<div class="container">': '<div class="container" role="main">',
    '<div class="input-group" id="filter-form">': '<h1>Jobs</h1><div class="input-group" id="filter-form">',
    "This list below contains all the queued jobs on queue": "What is in this registry of the queue",
    "<h2><strong>Job ID": '<h2 role="heading" aria-level="1"><strong>Job ID',
    'title="Queue name"': 'aria-label="Queue name"',
    'title="Registry name"': 'aria-label="Registry name"',
    'title="Job Sort Order"': 'aria-label="Job sort order"',
    'title="Jobs per page"': 'aria-label="Jobs per page"',
}
"""What its pages say, and what they say here."""
_UNSAFE_GET = "requeue/"
"""What it would do on a GET."""


class Dashboard:
    """`connection` is RQ's, without `decode_responses`."""

    def __init__(self, connection: Redis) -> None:
        self.app = app = Flask(
            "clicker.rq", root_path=str(_FOLDER), static_folder="static", template_folder=None
        )
        app.config["RQ_DASHBOARD_REDIS_URL"] = (
            "RQ",
        )  # the name of the one instance; addresses hold passwords
        app.redis_conn = connection  # type: ignore[attr-defined]
        app.jinja_env.autoescape = True  # in its scripts too, which name queues
        app.register_blueprint(rq_dashboard.blueprint)
        app.before_request_funcs.pop(
            "rq_dashboard"
        )  # it would connect anew for every request, without a time limit
        app.register_error_handler(NoSuchJobError, lambda error: ("There is no such job.", 404))
        app.register_error_handler(RedisError, lambda error: ("RQ's store is away.", 503))
        app.register_error_handler(ValueError, lambda error: ("There is nothing here.", 404))
        self._styles = " ".join(_hashes())

    def answer(self, environ: dict[str, Any], path: str, token: str, head: str, bar: str) -> Response:
        """Its answer to `/<path>`.

        `token` goes with all that its pages post; `head` and `bar` are our HTML for the end of its head and the
        beginning of its body.
        """
        if environ["REQUEST_METHOD"] != "POST" and path.startswith(_UNSAFE_GET):
            return Response("Only by POST.", 405, {"Allow": "POST"})
        wired = path.encode(errors="replace").decode("latin-1")  # as PEP 3333 wants it
        root = environ["PATH_INFO"].removesuffix(wired).rstrip("/")
        inner = {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + root,
            "PATH_INFO": f"/{wired}",
        }
        response = Response.from_app(self.app, inner, buffered=True)
        if response.mimetype == "text/html" and response.status_code == 200:
            nonce = secrets.token_urlsafe(18)
            response.set_data(_safe(_ours(response.get_data(as_text=True), head, bar), nonce, token))
            response.headers["Content-Security-Policy"] = self._policy(nonce)
        return response

    def _policy(self, nonce: str) -> str:
        return (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; "
            f"style-src-attr 'unsafe-hashes' {self._styles}; img-src 'self' data:; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )


def _ours(html: str, head: str, bar: str) -> str:
    """A page of the dashboard as one of ours."""
    for theirs, instead in READS.items():
        html = html.replace(theirs, instead)
    return html.replace("</head>", f"{head}</head>", 1).replace("<body>", f"<body>{bar}", 1)


def _safe(html: str, nonce: str, token: str) -> str:
    """A page of the dashboard whose scripts bear the nonce and need no `eval`."""
    ahead = f"$.ajaxSetup({{headers: {{'X-CSRFToken': {json.dumps(token)}}}}});\n{functions(html)}"
    html = html.replace(_INLINE, _INLINE + "\n" + ahead, 1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def _hashes() -> set[str]:
    """The style attributes that its templates bear, as a policy names them."""
    pages = (_FOLDER / "templates").rglob("*.html")
    found = {style for page in pages for style in _STYLE.findall(page.read_text())}
    return {f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in found}
