"""The tap: a small batch comes in, the score goes out. Nothing here waits for Postgres."""

from flask import Blueprint, Response

from clicker.errors import SessionPaused, UsernameRequired
from clicker.pace.rules import LEVELS
from clicker.taps.rules import HIGHEST_SEQUENCE, MOST_TAPS
from clicker.web import fields
from clicker.web.answers import as_html, as_json
from clicker.web.asking import claims, services, wants_json
from clicker.web.calls import call
from clicker.web.prepared import Prepared

blueprint = Blueprint("taps", __name__)

_score = Prepared("taps/_score.html")
_PACES = {level: {"pace": pace.as_json()} for level, pace in LEVELS.items()}


@blueprint.post("/click")
@call(
    tier=None,  # the tap script has a bucket of its own
    takes={
        "delta": {"type": "integer", "minimum": 1, "maximum": MOST_TAPS},
        "sequence": {"type": "integer", "minimum": 1, "maximum": HIGHEST_SEQUENCE},
    },
    gives={200: "Score"},
    errors=(SessionPaused, UsernameRequired),
)
def click() -> Response:
    """Counts a batch of taps, once."""
    who = claims()
    given = fields.read()
    delta = given.integer("delta", 1, MOST_TAPS)
    sequence = given.integer("sequence", 1, HIGHEST_SEQUENCE)
    counted = services().taps.tap(who, delta, sequence)
    numbers = {
        "myClicks": counted.my_clicks,
        "globalClicks": counted.global_clicks,
        "accepted": counted.accepted,
        "deferred": counted.deferred,
        "sequence": counted.sequence,
    }
    headers = [
        ("X-Sequence", str(counted.sequence)),
        ("X-Idempotency-Key", f"click_{who.player}_{who.session}_{counted.sequence}"),
    ]
    if counted.replay:
        headers.append(("X-Idempotent-Replay", "true"))
    pace = _PACES[counted.level]
    if wants_json():
        return as_json({**numbers, **pace}, headers=headers)
    return as_html(_score.fill(numbers, counted.level, pace), headers=headers)
