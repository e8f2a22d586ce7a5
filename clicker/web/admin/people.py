"""Players as the operator sees them: found, renamed, blocked, flagged."""

from typing import Any

from flask import Blueprint, render_template, request

from clicker.anomalies.rules import State
from clicker.errors import NoPlayer
from clicker.players.rules import Player
from clicker.stores import postgres
from clicker.web.admin import door, suspects
from clicker.web.asking import services

FOUND_AT_ONCE = 20
BLOCKED_SHOWN = 50
LONGEST_SEARCH = 64
_SESSIONS_SHOWN = 10


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/players", "players", _players)
    blueprint.add_url_rule("/players/<int:player>", "player", _page)
    blueprint.add_url_rule("/players/<int:player>/username", "rename", _rename, methods=["POST"])
    blueprint.add_url_rule("/players/<int:player>/block", "block", _block, methods=["POST"])
    blueprint.add_url_rule("/players/<int:player>/unblock", "unblock", _unblock, methods=["POST"])
    blueprint.add_url_rule("/players/<int:player>/flag", "flag", _flag, methods=["POST"])
    blueprint.add_url_rule("/players/<int:player>/unflag", "unflag", _unflag, methods=["POST"])


def _players() -> str:
    """Those found, or those blocked if nobody is looked for."""
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    people = services().players
    found = people.search(text, FOUND_AT_ONCE) if text else people.blocked(BLOCKED_SHOWN)
    return render_template(
        "admin/players.html", here="players", token=door.form_token(), text=text, found=found
    )


def _page(player: int) -> str:
    return render_template("admin/player.html", here="players", token=door.form_token(), **_shown(player))


def _rename(player: int) -> str:
    before = services().players.known(player).username
    username = services().players.choose_username(
        player, door.given().text("username", 1000)[:64], door.operator()
    )
    return door.answer("admin/_player.html", f"{before or player} is {username} now.", **_shown(player))


def _block(player: int) -> str:
    services().players.block(player, door.operator())
    return door.answer("admin/_player.html", "Blocked. Their clicks are kept.", **_shown(player))


def _unblock(player: int) -> str:
    services().players.unblock(player, door.operator())
    return door.answer("admin/_player.html", "May play again.", **_shown(player))


def _flag(player: int) -> str:
    services().players.known(player)
    services().anomalies.flag(player, door.operator())
    rate = services().anomalies.rate(State.FLAGGED)
    said = f"Flagged: {rate} taps a second are counted, the others wait on the device."
    return door.answer("admin/_player.html", said, **_shown(player))


def _unflag(player: int) -> str:
    services().players.known(player)
    services().anomalies.unflag(player, door.operator())
    return door.answer("admin/_player.html", "Trusted: only an operator can flag them now.", **_shown(player))


def _shown(id: int) -> dict[str, Any]:
    """What the page of a player shows. Raises NoPlayer, but not for somebody blocked: that must be undone somewhere."""
    player = services().players.get(id)
    if player is None:
        if not services().players.is_blocked(id):
            raise NoPlayer
        player = Player(id, "", "", "", 0, blocked=True)
    return {
        "player": player,
        "rank": services().leaderboard.rank(player.clicks),
        "flagged_rate": services().anomalies.rate(State.FLAGGED),
        "sessions": services().sessions.of_player(id)[:_SESSIONS_SHOWN],
        **_judged(id),
    }


def _judged(id: int) -> dict[str, Any]:
    """What is known of their way of tapping; without Postgres the rest of the page is there all the same."""
    try:
        found = services().anomalies.of_player(id)
    except postgres.Errors:
        return {"suspect": None, "ledger_away": True}
    return {"suspect": suspects.told(found) if found else None, "ledger_away": False}
