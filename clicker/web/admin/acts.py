"""The audit log as the operator reads it."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request

from clicker.audit.rules import Action, Wanted
from clicker.errors import BadField
from clicker.web.admin import door
from clicker.web.asking import services

LONGEST_SEARCH = 100


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/audit", "audit", _audit)


def _audit() -> str:
    """A page of the log; `older` is where it begins."""
    asked = {name: _asked(name) for name in ("who", "action", "resource", "since", "until")}
    wanted = Wanted(
        who=asked["who"],
        action=asked["action"],
        resource=asked["resource"],
        since=_moment(asked["since"], "since"),
        until=_moment(asked["until"], "until"),
    )
    page = services().audit.search(wanted, older_than=_asked("older"))
    return render_template(
        "admin/audit.html",
        here="audit",
        token=door.form_token(),
        asked=asked,
        actions=[str(action) for action in Action],
        acts=page.entries,
        older={**{name: value for name, value in asked.items() if value}, "older": page.older},
    )


def _asked(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST_SEARCH].replace("\0", "")


def _moment(given: str, field: str) -> float | None:
    """A time as browsers write it, in UTC, as Unix time in seconds; None if there is none."""
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        raise BadField(field, "must be a time") from None
