"""Is it alive, is it ready, has it started: for whoever watches the process."""

from flask import Blueprint, Response, jsonify

from clicker.stores import postgres, redis, schema
from clicker.web.asking import services
from clicker.web.calls import call

blueprint = Blueprint("health", __name__, url_prefix="/health")


class Progress:
    """What was once true and stays so: asked of Postgres only until then."""

    started = False
    migrated = False
    leaving = False


progress = Progress()


@blueprint.get("/live")
@call(tier=None, public=True, gives={200: "Health"})
def live() -> Response:
    """Always 200 while the process answers."""
    return jsonify(status="live")


@blueprint.get("/ready")
@call(tier=None, public=True, gives={200: "Health", 503: "Health"})
def ready() -> tuple[Response, int]:
    """200 if the hot store is there and filled, Postgres answers, the migrations are done, and this process stays."""
    if progress.leaving:
        return jsonify(status="not ready", checks={"process": "stopping"}), 503
    checks = {"store": _store(), "postgres": _postgres()}
    checks["migrations"] = _migrations() if checks["postgres"] == "ok" else "unknown"
    fine = all(value == "ok" for value in checks.values())
    progress.started = progress.started or fine
    return jsonify(status="ready" if fine else "not ready", checks=checks), 200 if fine else 503


@blueprint.get("/startup")
@call(tier=None, public=True, gives={200: "Health", 503: "Health"})
def startup() -> tuple[Response, int]:
    """503 until this process was ready once, then 200."""
    if not progress.started:
        ready()
    return jsonify(status="started" if progress.started else "starting"), 200 if progress.started else 503


def _store() -> str:
    try:
        return "ok" if services().taps.ready() else "being rebuilt from Postgres"
    except redis.Error as error:
        return type(error).__name__


def _postgres() -> str:
    try:
        with postgres.connection() as database:
            database.execute_sql("SELECT 1")
        return "ok"
    except postgres.Errors as error:
        return type(error).__name__


def _migrations() -> str:
    if not progress.migrated:
        try:
            progress.migrated = not schema.pending()
        except postgres.Errors as error:
            return type(error).__name__
    return "ok" if progress.migrated else "pending: run `flask db upgrade`"
