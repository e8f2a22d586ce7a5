"""Requests of all kinds: valid, nearly valid, and nonsense, by hypothesis."""

import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

PATHS = (
    "/", "/session", "/session/resume", "/session/heartbeat", "/username", "/language", "/click", "/leaderboard",
    "/me", "/me/export", "/live/ticket", "/live", "/health/live", "/health/ready", "/health/startup", "/metrics",
    "/openapi.json", "/static/js/app.js", "/admin/", "/admin/login", "/admin/rq/",
)  # fmt: skip
ADMIN = (
    "", "now", "recent", "players", "players/1001", "players/1001/username", "players/1001/block",
    "players/1001/unblock",
    "players/1001/flag", "players/1001/unflag", "players/99999999999999999999", "players/-1", "audit", "anomalies",
    "pace", "flush", "login", "rq/", "rq/jobs", "rq/0/data/queues.json", "rq/queue/x/empty", "rq/job/x/delete",
    "rq/../../x", "none",
)  # fmt: skip
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND")
KINDS = (
    "application/x-www-form-urlencoded", "application/json", "application/json; charset=utf-16", "text/plain",
    "multipart/form-data; boundary=x", "application/xml", "", "application/json;;", "APPLICATION/JSON",
)  # fmt: skip
EVIL = (
    "<script>alert(1)</script>", "\u202eecila", "😀" * 40, "x" * 900, "'; DROP TABLE player; --", "<b>&amp;</b>",
    "../../etc/passwd", "%00", "\0", "{{7*7}}", "${7*7}", "\r\nSet-Cookie: a=b", "-1", "1e999", "NaN", "٣", "null",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


values = st.one_of(
    st.integers(), st.sampled_from(EVIL), st.text(max_size=40), st.booleans(), st.none(), st.floats()
)
NAMES = ("delta", "sequence", "init_data", "username", "language", "ticket")
fields = st.dictionaries(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=8)),
    st.one_of(values, st.integers(1, 1000), st.lists(values, max_size=3)),
    max_size=5,
)


ASKED = ("q", "who", "action", "resource", "since", "until", "older", "state", "level", "username", "page")
MOMENTS = (
    "2026-01-01T00:00",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2026-01-01T00:00:00+23:59",
    "2026-01-01~x",
    "~",
    "24:00",
)
asked = st.dictionaries(
    st.sampled_from(ASKED),
    st.one_of(st.sampled_from((*MOMENTS, "flagged", "busy", "alice", *EVIL)), values),
    max_size=3,
)


def _form(pairs):
    return urlencode({name: value if isinstance(value, str) else json.dumps(value) for name, value in pairs.items()},
                     errors="replace").encode()  # fmt: skip


bodies = st.one_of(
    st.just(b""),
    st.binary(max_size=200),
    fields.map(lambda pairs: json.dumps(pairs).encode()),
    fields.map(_form),
    st.tuples(st.integers(-5, 1005), st.integers(0, 99)).map(lambda b: b"delta=%d&sequence=%d" % b),
    st.sampled_from((b"[" * 900, b'{"a":' * 200, b"a=1&a=2", b"x" * 20_000, b"\xff\xfe", b"{", b"=&=&=")),
)  # fmt: skip
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(("application/json", "text/html", "*/*", "x", "text/html;q=x", "a" * 500)),
        "Accept-Language": st.sampled_from(("ru", "en", "xx-YY", "ru;q=0.5,en;q=a", "*", "-", "ru" * 200)),
        "HX-Request": st.just("true"),
        "If-None-Match": st.sampled_from(('"x"', "W/", "*", "é", '"' * 50)),
        "X-Request-Id": st.sampled_from(("fine-1", "a b", "x" * 100, "<i>")),
        "X-Forwarded-For": st.sampled_from(("1.2.3.4", "x", "1.2.3.4," * 50, "::1")),
        "X-Forwarded-Host": st.sampled_from(("evil.example", "x:y:z")),
        "Origin": st.sampled_from(("https://evil.example", "null")),
        "Range": st.sampled_from(("bytes=0-1", "bytes=9-1", "x")),
        "If-Modified-Since": st.sampled_from(("x", "Thu, 01 Jan 1970 00:00:00 GMT")),
        "Cookie": st.sampled_from(("session=x", "a=b; a=c", "=" * 50)),
        "Upgrade": st.just("websocket"),
        "Content-Type": st.sampled_from(KINDS),
    },
)
paths = st.one_of(
    st.sampled_from(PATHS),
    st.sampled_from(PATHS),
    st.sampled_from(PATHS),
    st.sampled_from(EVIL).map(lambda evil: "/static/" + quote(evil)),
    st.text(max_size=20).map(lambda text: "/" + quote(text, errors="replace")),
)
queries = st.one_of(
    st.just(""),
    st.just(""),
    st.sampled_from(("a=1&a=2", "ticket=x", "v=1", "%ff=%ff", "&" * 30, "a" * 500)),
    fields.map(lambda pairs: _form(pairs).decode()),
)
requests = st.builds(Request, st.sampled_from(METHODS), paths, queries, headers, bodies)
likely = st.builds(
    Request,
    st.sampled_from(("GET", "POST", "POST", "DELETE")),
    st.sampled_from(PATHS),
    queries,
    headers,
    bodies,
)
operators = st.builds(
    Request,
    st.sampled_from(("GET", "GET", "POST", "POST", "DELETE", "HEAD")),
    st.one_of(st.sampled_from(ADMIN), st.sampled_from(EVIL).map(lambda evil: "rq/" + quote(evil))).map(
        "/admin/{}".format
    ),
    asked.map(lambda pairs: _form(pairs).decode()),
    headers.map(
        lambda sent: {name: value for name, value in sent.items() if name not in ("Cookie", "Origin")}
    ),
    st.one_of(bodies, asked.map(_form)),
)
"""What an operator who is logged in may send, and more."""
