"""What a player can see and change of themselves."""

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
    if services().players.get(who.player) is None:  # forgotten: an old token must not bring them back
        raise NoSession
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
    errors=(NoPlayer,),
)
def language() -> Response:
    """Chooses the player's own language."""
    who = claims()
    chosen = services().players.choose_language(who.player, fields.read().text("language", 8))
    opened = services().sessions.resume(who)  # with a new token: it names the language
    if wants_json():
        return answer("", {"language": chosen, "token": opened.token})
    return game(opened, 200)


@blueprint.get("/me")
@call(gives={200: "Standing"}, errors=(NoPlayer,))
def me() -> Response:
    """Own clicks, rank and neighbours."""
    player = services().players.known(claims().player)
    standing = services().leaderboard.standing(player.clicks)
    data = {
        "id": player.id,
        "username": player.username or None,
        "clicks": player.clicks,
        "rank": standing.rank,
        "above": _entry(standing.above),
        "below": _entry(standing.below),
        "globalClicks": services().leaderboard.top().global_clicks,
        "pace": services().pace.current().as_json(),
    }
    return answer("players/_me.html", data)


@blueprint.get("/me/export")
@call(tier=SENSITIVE, gives={200: "Export"}, errors=(NoPlayer,))
def export() -> Response:
    """All that we hold of the player."""
    body = json.dumps(services().players.export(claims().player, actor()), indent=2, ensure_ascii=False)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="clicker-my-data.json"'
    return response


@blueprint.delete("/me")
@call(tier=SENSITIVE)
def forget() -> Response:
    """Deletes all that we hold of the player."""
    services().players.forget(claims().player, actor())
    return done()


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    return {"rank": entry.rank, "username": entry.username, "clicks": entry.clicks} if entry else None
