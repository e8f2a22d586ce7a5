"""What a player can see and change of themselves."""

from typing import Any

from flask import Blueprint, Response, g, json

from clicker.errors import NoSession
from clicker.leaderboard.rules import Entry
from clicker.sessions.routes import game
from clicker.web import fields
from clicker.web.answers import answer, done
from clicker.web.asking import claims, services, wants_json

blueprint = Blueprint("players", __name__)

_LONGEST_TRY = 1000
"""A longer username is refused before the rules look at it, in characters."""


@blueprint.post("/username")
def username() -> Response:
    who = claims()
    if services().players.get(who.player) is None:  # forgotten: an old token must not bring them back
        raise NoSession
    g.tried_username = fields.read().text("username", _LONGEST_TRY)[:64]
    chosen = services().players.choose_username(who.player, g.tried_username)
    if wants_json():
        return answer("", {"username": chosen})
    return game(services().sessions.resume(who), 200)


@blueprint.post("/language")
def language() -> Response:
    who = claims()
    chosen = services().players.choose_language(who.player, fields.read().text("language", 8))
    opened = services().sessions.resume(who)  # with a new token: it names the language
    if wants_json():
        return answer("", {"language": chosen, "token": opened.token})
    return game(opened, 200)


@blueprint.get("/me")
def me() -> Response:
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
    return answer("players/_standing.html", data)


@blueprint.get("/me/export")
def export() -> Response:
    body = json.dumps(services().players.export(claims().player), indent=2, ensure_ascii=False)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="clicker-my-data.json"'
    return response


@blueprint.delete("/me")
def forget() -> Response:
    services().players.forget(claims().player)
    return done()


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    return {"rank": entry.rank, "username": entry.username, "clicks": entry.clicks} if entry else None
