"""The tap: a small batch comes in, the score goes out. Nothing here waits for Postgres."""

from flask import Blueprint, Response

from clicker.pace.rules import LEVELS
from clicker.taps.rules import HIGHEST_SEQUENCE, MOST_TAPS
from clicker.web import fields
from clicker.web.answers import answer
from clicker.web.asking import claims, services

blueprint = Blueprint("taps", __name__)


@blueprint.post("/click")
def click() -> Response:
    who = claims()
    given = fields.read()
    delta = given.integer("delta", 1, MOST_TAPS)
    sequence = given.integer("sequence", 1, HIGHEST_SEQUENCE)
    counted = services().taps.tap(who, delta, sequence)
    data = {
        "myClicks": counted.my_clicks,
        "globalClicks": counted.global_clicks,
        "accepted": counted.accepted,
        "deferred": counted.deferred,
        "sequence": counted.sequence,
        "pace": LEVELS[counted.level].as_json(),
    }
    headers = [
        ("X-Sequence", str(counted.sequence)),
        ("X-Idempotency-Key", f"click_{who.player}_{who.session}_{counted.sequence}"),
    ]
    if counted.replay:
        headers.append(("X-Idempotent-Replay", "true"))
    return answer("taps/_score.html", data, headers=headers)
