"""Opening, keeping alive, resuming and closing a session; tickets for the live socket."""

from collections.abc import Mapping

from flask import Blueprint, Response

from clicker import i18n
from clicker.errors import BadInitData, Blocked, SessionPaused, StaleInitData
from clicker.limits.rules import SENSITIVE
from clicker.players.identity import LONGEST
from clicker.sessions.service import Opened
from clicker.stores.keys import TICKET_KEPT_S
from clicker.web import fields, limits
from clicker.web.answers import answer, done
from clicker.web.asking import claims, client_address, services
from clicker.web.assets import lightened
from clicker.web.calls import call

blueprint = Blueprint("sessions", __name__)


@blueprint.post("/session")
@call(
    tier=SENSITIVE,
    body=LONGEST,
    public=True,
    counts_itself=True,
    takes={"init_data": {"type": "string", "maxLength": LONGEST}},
    gives={201: "Opened"},
    errors=(BadInitData, StaleInitData, Blocked),
)
def open_() -> Response:
    """Opens a session for the user whom Telegram's initData names."""
    who = services().sessions.identify(fields.read().text("init_data", LONGEST))
    limits.count_player(who.id)
    return game(services().sessions.enter(who, client_address()), tried=who.telegram_username)


@blueprint.post("/session/resume")
@call(gives={201: "Resumed"})
def resume() -> Response:
    """The session goes on, whether it was paused, closed or never left."""
    opened = services().sessions.resume(claims())
    extra = {"acknowledgedSequence": opened.sequence, "acknowledgedDeferred": opened.deferred}
    return game(opened, extra=extra)


@blueprint.post("/session/heartbeat")
@call(errors=(SessionPaused,))
def heartbeat() -> Response:
    """Still here."""
    services().sessions.heartbeat(claims())
    return done()


@blueprint.delete("/session")
@call()
def close() -> Response:
    """Closes the session; it can be resumed."""
    services().sessions.close(claims())
    return done()


@blueprint.post("/live/ticket")
@call(gives={201: "Ticket"})
def ticket() -> Response:
    """A ticket for one connection of the live socket."""
    new = services().sessions.new_ticket(claims())
    return answer("web/_live.html", {"ticket": new, "expiresIn": TICKET_KEPT_S}, 201)


def game(
    opened: Opened, status: int = 201, tried: str = "", extra: Mapping[str, object] | None = None
) -> Response:
    """The whole game as its player sees it: what every way into a session answers.

    `tried` is what the question for a name is filled in with, `extra` is told besides.
    """
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
        **(extra or {}),
        "pace": services().pace.current().as_json(),
    }
    shown = answer(
        "sessions/_game.html",
        data,
        status,
        board=services().leaderboard.top(),
        deferred=opened.deferred,
        tried=tried,
        idleMs=services().settings.session_idle_s * 1000,
        invite=services().outbox.invite(opened.player.id),
    )
    return lightened(shown)
