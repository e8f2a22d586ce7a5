"""The first page behind the door: how the service is now, and what can be done about it."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from rq import Queue
from werkzeug.wrappers import Response

from clicker.admin.service import Recent
from clicker.admin.tiles import REASONS, area, past, sparkline, taps_per_second, tiles
from clicker.audit.rules import Action
from clicker.errors import BadField
from clicker.jobs.queue import QUEUE
from clicker.pace.rules import LEVELS, ORDER
from clicker.stores.redis import ANSWER_TIMEOUT_S, connect_rq
from clicker.web.admin import acts, door, people, suspects
from clicker.web.admin.rq import Dashboard
from clicker.web.asking import services
from clicker.wiring import Services

FLUSH = "clicker.taps.jobs.flush"
_NOWHERE = "redis://127.0.0.1:1"


def build(parts: Services) -> Blueprint:
    """The blueprint of `/admin/`."""
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    blueprint.add_app_template_filter(_time, "time_of_day")
    blueprint.add_app_template_filter(area)
    blueprint.add_app_template_filter(_day, "day_and_time")
    door.register(blueprint)
    jobs = connect_rq(parts.settings.rq_redis_url or _NOWHERE, ANSWER_TIMEOUT_S)
    dashboard = Dashboard(jobs)

    @blueprint.route("/rq/", defaults={"path": ""}, methods=["GET", "POST"])
    @blueprint.route("/rq/<path:path>", methods=["GET", "POST"])
    def rq(path: str) -> Response:
        if request.method == "POST":
            door.record(Action.QUEUE_CHANGED, "rq", what=path[:200])
        token = door.form_token()
        bar = render_template("admin/_bar.html", here="rq", token=token)
        return dashboard.answer(request.environ, path, token, render_template("admin/_rq_head.html"), bar)

    @blueprint.post("/flush")
    def flush() -> str:
        door.record(Action.TAPS_FLUSHED, "taps")
        Queue(QUEUE, connection=jobs).enqueue(FLUSH, job_timeout=60, result_ttl=60, failure_ttl=3600)
        return _now("The worker has been asked to flush.")

    people.register(blueprint)
    acts.register(blueprint)
    suspects.register(blueprint)
    blueprint.add_url_rule("/", "page", _page)
    blueprint.add_url_rule("/now", "now", _now)
    blueprint.add_url_rule("/recent", "recent", _recent)
    blueprint.add_url_rule("/pace", "pace", _pace, methods=["POST"])
    return blueprint


def _page() -> str:
    known = _known(door.admin().recent.glance())
    return render_template("admin/page.html", here="now", token=door.form_token(), **known, **_shown())


def _recent() -> str:
    return render_template("admin/_recent.html", **_known(door.admin().recent.look()))


def _known(recent: Recent) -> dict[str, Any]:
    """What `_recent.html` shows."""
    kept = door.admin().recent
    told = {"ledger_away": kept.away, "known_since": kept.since}
    return {"acts": recent.acts, "suspects": suspects.named(recent.suspects), **told}


def _now(message: str = "") -> str:
    return door.answer("admin/_now.html", message, **_shown())


def _pace() -> str:
    """Holds the level named, or lets go if none is."""
    level = door.given().text("level", 16)
    if level and level not in ORDER:
        raise BadField("level", "must be a level")
    if level:
        services().pace.hold(level)
        door.record(Action.PACE_HELD, "pace", level=level)
        return _now(f"Held at {level}.")
    services().pace.release()
    door.record(Action.PACE_RELEASED, "pace")
    return _now("The pace follows the load again.")


def _shown() -> dict[str, Any]:
    overview = door.admin().overview()
    taps, state = taps_per_second(overview.moments), overview.pace.state
    return {
        "overview": overview,
        "pace": LEVELS[overview.pace.level],
        "levels": ORDER,
        "reasons": [REASONS.get(name, name) for name in state.reasons],
        "tiles": tiles(overview.moments),
        "past": past(overview.moments),
        "taps": taps[-1],
        "taps_most": max(taps),
        "taps_line": sparkline(taps, 300, 80),
    }


def _time(at: float) -> str:
    """A Unix time as hours, minutes and seconds in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")


def _day(at: float) -> str:
    """A Unix time as a day and a time in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M")
