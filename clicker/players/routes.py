"""What a player can see and change of themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, g, json

from clicker.errors import BadUsername, NoPlayer, NoSession, UsernameTaken
from clicker.i18n import LANGUAGES
from clicker.leaderboard.rules import Entry
from clicker.limits.rules import SENSITIVE
from clicker.sessions.routes import game
from clicker.web import fields
from clicker.web.answers import answer, done
from clicker.web.asking import actor, claims, services, wants_json
from clicker.web.calls import KB, call

blueprint = Blueprint("players", __name__)

_LONGEST_TRY = 1000
"""A longer username is refused before the rules look at it, in characters."""


@blueprint.post("/username")
@call(
    tier=SENSITIVE,
    body=4 * KB,
    takes={"username": {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_]{2,31}$"}},
    gives={200: "Username"},
    errors=(UsernameTaken, BadUsername),
)
def username() -> Response:
    """Sets or changes the username."""
    who = claims()
    with _known():
        services().players.known(who.player)
    services().players.may_play(who.player)
    g.tried_username = fields.read().text("username", _LONGEST_TRY)[:64]
    chosen = services().players.choose_username(who.player, g.tried_username, actor())
    if wants_json():
        return answer("", {"username": chosen})
    return game(services().sessions.resume(who), 200)


@blueprint.post("/language")
@call(
    takes={"language": {"type": "string", "enum": list(LANGUAGES)}},
    gives={200: "Language"},
)
def language() -> Response:
    """Chooses the player's own language."""
    who = claims()
    with _known():
        chosen = services().players.choose_language(who.player, fields.read().text("language", 8))
    opened = services().sessions.resume(who)  # with a new token: it names the language
    if wants_json():
        return answer("", {"language": chosen, "token": opened.token})
    return game(opened, 200)


@blueprint.get("/me")
@call(gives={200: "Standing"})
def me() -> Response:
    """Own clicks, rank and neighbours."""
    with _known():
        player = services().players.known(claims().player)
    standing = services().leaderboard.standing(player.clicks)
    data = {
        "id": player.id,
        "username": player.username or None,
        "clicks": player.clicks,
        "rank": standing.rank,
        "above": _entry(standing.above),
        "below": _entry(standing.below),
        "globalClicks": services().leaderboard.everyone(),
        "pace": services().pace.current().as_json(),
    }
    return answer("players/_me.html", data)


@blueprint.get("/me/export")
@call(tier=SENSITIVE, gives={200: "Export"})
def export() -> Response:
    """All that we hold of the player."""
    with _known():
        held = services().players.export(claims().player, actor())
    body = json.dumps(held, indent=2, ensure_ascii=False)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="clicker-my-data.json"'
    return response


@blueprint.delete("/me")
@call(tier=SENSITIVE)
def forget() -> Response:
    """Deletes all that we hold of the player."""
    services().players.forget(claims().player, actor())
    return done()


@contextmanager
def _known() -> Iterator[None]:
    """Somebody who was forgotten has no session any more, and an old token must not bring them back."""
    try:
        yield
    except NoPlayer:
        raise NoSession from None


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    return {"rank": entry.rank, "username": entry.username, "clicks": entry.clicks} if entry else None
