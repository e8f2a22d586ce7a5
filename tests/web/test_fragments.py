"""Every template, rendered with the usual and with the nastiest values: one root, escaped, nothing inline."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from clicker.i18n import language
from clicker.leaderboard.rules import Board, Entry
from clicker.pace.rules import LEVELS

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
EVIL = "<script>alert(1)</script>\"' onload='x"
VOID = {"meta", "link", "input", "br", "img", "circle", "path"}
PACE = LEVELS["calm"].as_json()
ENTRY = {"rank": 3, "username": "bob", "clicks": 1_234_567}


class Outline(HTMLParser):
    """The roots of a piece of HTML, and every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.depth == 0, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs).get("id") or tag)
        self.elements.append((tag, dict(attrs)))
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID

    def handle_data(self, data: str) -> None:
        assert self.depth or not data.strip(), f"text outside the root: {data!r}"


def board(*names: str) -> Board:
    entries = tuple(Entry(rank, name, 10_000 // rank) for rank, name in enumerate(names, start=1))
    return Board("v1", entries, 1_234_567)


def game(username: str | None, **extra: Any) -> dict[str, Any]:
    player = {"id": 1001, "username": username, "clicks": 4321, "rank": 17}
    fixed = {"token": "1001.ab.en.9.sig", "sessionId": "ab", "globalClicks": 9, "sequence": 0, "pace": PACE}
    fixed |= {"idleMs": 60_000, "invite": "https://t.me/bot?start=ref_1001"}
    return {**fixed, "player": player, "board": board("bob", "alice"), **extra}


def standing(**values: Any) -> dict[str, Any]:
    neighbours = {"above": None, "below": None, **values}
    return {"rank": 2, "clicks": 1000, "globalClicks": 9, "pace": PACE, **neighbours}


SCORE = {
    "myClicks": 1234,
    "globalClicks": 9_876_543,
    "accepted": 5,
    "deferred": 2,
    "sequence": 7,
    "pace": PACE,
}
ERROR = {"code": "error", "message": "Something went wrong.", "extra": {}, "request_id": "abc"}
PAGE = {
    "telegram_script": "https://telegram.org/js/telegram-web-app.js",
    "local_script": "",
    "language": "en",
}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("web/_error.html", "notice", ERROR),
    ("web/_error.html", "notice", {**ERROR, "code": EVIL, "message": EVIL, "request_id": EVIL}),
    ("web/_live.html", "live", {"ticket": "abc-_9"}),
    ("web/_live.html", "live", {"ticket": EVIL}),
    ("web/_loading.html", "game", {}),
    ("web/mark.svg", "svg", {}),
    ("sessions/_game.html", "game", game(None)),
    ("sessions/_game.html", "game", game("alice")),
    (
        "sessions/_game.html",
        "game",
        game(EVIL, acknowledgedSequence=4, acknowledgedDeferred=1, board=board(EVIL)),
    ),
    ("sessions/_paused.html", "overlay", {"code": "session_paused", "message": "Paused."}),
    ("sessions/_blocked.html", "overlay", {"code": EVIL, "message": EVIL}),
    ("sessions/_reopen.html", "overlay", {"code": EVIL, "message": EVIL}),
    ("players/_username.html", "username", {}),
    ("players/_username.html", "username", {"message": EVIL, "tried": EVIL, "code": "bad_username"}),
    ("players/_standing.html", "standing", standing()),
    ("players/_standing.html", "standing", standing(rank=1, below=ENTRY)),
    ("players/_standing.html", "standing", standing(above={**ENTRY, "username": EVIL})),
    ("players/_row.html", "my-row", {**standing(above=ENTRY), "username": "alice"}),
    ("players/_row.html", "my-row", {**standing(), "username": EVIL}),
    ("taps/_score.html", "score", SCORE),
    ("leaderboard/_top.html", "leaderboard", {"board": board()}),
    ("leaderboard/_top.html", "leaderboard", {"board": board(*[f"player_{n}" for n in range(20)])}),
    ("leaderboard/_top.html", "leaderboard", {"board": board(EVIL)}),
    ("leaderboard/_total.html", "total", {"board": board()}),
]


def render(app: Flask, name: str, context: dict[str, Any], tongue: str = "en") -> str:
    with app.test_request_context("/"), language(tongue):
        return app.jinja_env.get_template(name).render(context)


def nothing_inline(outline: Outline, html: str) -> None:
    for tag, attributes in outline.elements:
        assert tag != "style"
        assert tag != "script" or attributes.get("src"), "a script is a file"
        assert not [name for name in attributes if name == "style" or name.startswith(("on", "hx-on"))], (
            attributes
        )
        assert not [
            value for value in attributes.values() if (value or "").startswith(("js:", "javascript:"))
        ]
    assert "|safe" not in html


@pytest.mark.parametrize("tongue", ["en", "ru"])
@pytest.mark.parametrize(("name", "root", "context"), CASES)
def test_a_fragment_has_one_root_and_nothing_inline(app, name, root, context, tongue):
    html = render(app, name, context, tongue)
    outline = Outline(html)
    assert outline.roots == [root]
    nothing_inline(outline, html)
    assert "<script>" not in html


def test_the_push_carries_the_very_fragments_of_the_page(app):
    shown = board("alice", EVIL)
    html = render(app, "leaderboard/_push.html", {"board": shown})
    outline = Outline(html)
    assert outline.roots == ["hx-partial", "hx-partial"]
    assert [a["hx-target"] for tag, a in outline.elements if tag == "hx-partial"] == [
        "#leaderboard",
        "#total",
    ]
    for name in ("leaderboard/_top.html", "leaderboard/_total.html"):
        assert render(app, name, {"board": shown}).strip() in html
        assert render(app, name, {"board": shown}).strip() in render(
            app, "sessions/_game.html", game("a", board=shown)
        )
    nothing_inline(outline, html)


@pytest.mark.parametrize("local", ["", "vendor/telegram-web-app.js"])
def test_the_page_has_nothing_inline_and_no_player(app, local):
    html = render(app, "web/page.html", {**PAGE, "local_script": local})
    outline = Outline(html.removeprefix("<!doctype html>"))
    assert outline.roots == ["html"]
    nothing_inline(outline, html)
    ids = [attributes["id"] for _, attributes in outline.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {"game", "overlay", "notice", "live", "heartbeat"} <= set(ids)


def test_a_game_has_each_id_once(app):
    for context in (game(None), game("alice")):
        outline = Outline(render(app, "sessions/_game.html", context))
        ids = [attributes["id"] for _, attributes in outline.elements if attributes.get("id")]
        assert len(ids) == len(set(ids))


def test_a_language_is_not_stuck_in_a_template_that_was_first_shown_in_another(app):
    assert "Your clicks" in render(app, "sessions/_game.html", game("alice"), "en")
    assert "Твои клики" in render(app, "sessions/_game.html", game("alice"), "ru")


def test_the_name_is_asked_for_only_where_there_is_none(app):
    assert 'id="username"' in render(app, "sessions/_game.html", game(None))
    assert 'id="tap"' not in render(app, "sessions/_game.html", game(None))
    assert 'id="username"' not in render(app, "sessions/_game.html", game("alice"))


def test_a_standing_tells_how_far_it_is_to_the_next_player(app):
    text = re.sub(r"<[^>]+>|\s+", " ", render(app, "players/_standing.html", standing(above=ENTRY)))
    assert "1,233,568 taps to pass bob" in text
    text = render(app, "players/_standing.html", standing(above={**ENTRY, "clicks": 1000}))
    assert "1 tap to pass bob" in text


def test_numbers_are_grouped_as_the_language_does(app):
    assert "1,234,567" in render(app, "leaderboard/_total.html", {"board": board()})
    assert "1\xa0234\xa0567" in render(app, "leaderboard/_total.html", {"board": board()}, "ru")


def test_every_template_is_rendered_here():
    rendered = {name for name, _, _ in CASES} | {
        "leaderboard/_push.html",
        "players/_me.html",
        "web/page.html",
    }
    found = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    assert {name for name in found if not name.startswith("admin/")} == rendered, "admin has tests of its own"


def test_no_template_turns_escaping_off():
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape", path.read_text()), path


def test_the_weight_of_what_is_ours_stays_small():
    scripts = [*(ROOT / "static" / "js").glob("*.js"), ROOT / "static" / "sw.js"]
    assert len((ROOT / "static" / "css" / "app.css").read_bytes()) < 15_000
    assert sum(len(path.read_bytes()) for path in scripts) < 20_000
    assert not [path.name for path in scripts if len(path.read_text().splitlines()) > 100]


def test_every_script_is_loaded_early_and_says_what_lives_there(app):
    html = render(app, "web/page.html", PAGE)
    for path in (ROOT / "static" / "js").glob("*.js"):
        assert re.search(rf"/static/[0-9a-f]{{12}}/js/{path.name}", html)
        assert path.read_text().startswith("// ")
