"""Who taps like a robot, as the operator sees it: how suspicious, why, and how many of their taps are counted."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, render_template, request

from clicker.anomalies.rules import Sign, State
from clicker.errors import BadField
from clicker.players.rules import Player
from clicker.stores import redis
from clicker.web.admin import door
from clicker.web.asking import services

SHOWN = 50
WHY = {
    Sign.RAPID: "batches within 100 ms",
    Sign.EVEN: "taps evenly",
    Sign.CAP: "at the cap",
    Sign.TIRELESS: "hours without a pause",
}
"""The signs as an operator reads them."""
_MEANINGS = {
    State.FLAGGED: "At most {flagged_tap_rate} of their taps count in a second; the others wait on their device,"
    " and nothing is lost.",
    State.WATCHED: "Some of their windows, five minutes of play each, were suspicious. The score goes up with each"
    " of these and down with each of the others; at {anomaly_windows} they are flagged.",
    State.TRUSTED: "An operator has said that they are people: however suspicious, nothing but an operator flags them.",
}


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/anomalies", "anomalies", _anomalies)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `AnomaliesService.top` with `why`, a list of texts, and `cap`, in taps per second."""
    why = [WHY[Sign(sign)] for sign in row["signs"].split() if sign in set(Sign)]
    return {**row, "why": why, "cap": services().anomalies.rate(row["state"])}


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """These rows as `told` gives them, with `person`, of whom only the id is known while the hot store is away."""
    known: dict[int, Player] = {}
    if not door.admin().store.away:
        with suppress(redis.Error):
            known = services().players.get_all([row["player"] for row in rows])
    return [
        {**told(row), "person": known.get(row["player"], Player(row["player"], "", "", "", 0))}
        for row in rows
    ]


def _meaning(state: State) -> str:
    return _MEANINGS[state].format_map(vars(services().settings))


def _anomalies() -> str:
    state = request.args.get("state", State.FLAGGED)
    if state not in set(State):
        raise BadField("state", "must be " + ", ".join(State))
    rows = services().anomalies.top(State(state), SHOWN)
    return render_template(
        "admin/anomalies.html",
        here="anomalies",
        token=door.form_token(),
        state=state,
        states=_MEANINGS,
        meaning=_meaning(State(state)),
        suspects=named(rows),
        whole=len(rows) < SHOWN,
    )
