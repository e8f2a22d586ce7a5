"""Opening, keeping alive, resuming and closing a session; tickets for the live socket."""

from flask import Blueprint, Response

from clicker import i18n
from clicker.players.identity import LONGEST
from clicker.sessions.service import Opened
from clicker.stores.keys import TICKET_KEPT_S
from clicker.web import fields
from clicker.web.answers import answer, done
from clicker.web.asking import claims, services

blueprint = Blueprint("sessions", __name__)


@blueprint.post("/session")
def open_() -> Response:
    init_data = fields.read().text("init_data", LONGEST)
    return game(services().sessions.open(init_data))


@blueprint.post("/session/resume")
def resume() -> Response:
    opened = services().sessions.resume(claims())
    extra = {"acknowledgedSequence": opened.sequence, "acknowledgedDeferred": opened.deferred}
    return game(opened, **extra)


@blueprint.post("/session/heartbeat")
def heartbeat() -> Response:
    services().sessions.heartbeat(claims())
    return done()


@blueprint.delete("/session")
def close() -> Response:
    services().sessions.close(claims())
    return done()


@blueprint.post("/live/ticket")
def ticket() -> Response:
    new = services().sessions.new_ticket(claims())
    return answer("web/_live.html", {"ticket": new, "expiresIn": TICKET_KEPT_S}, 201)


def game(opened: Opened, status: int = 201, **extra: object) -> Response:
    """The whole game as its player sees it: what every way into a session answers."""
    i18n.set_language(opened.player.language)
    data = {
        "token": opened.token,
        "sessionId": opened.session,
        "player": {
            "id": opened.player.id,
            "username": opened.player.username or None,
            "clicks": opened.player.clicks,
            "rank": opened.rank,
        },
        "globalClicks": opened.global_clicks,
        "sequence": opened.sequence,
        **extra,
        "pace": services().pace.current().as_json(),
    }
    return answer("sessions/_game.html", data, status, board=services().leaderboard.top())
