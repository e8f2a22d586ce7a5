"""`flask leaderboard`: the board, and filling the hot store from Postgres."""

from datetime import datetime

import click

from clicker.audit.rules import Action
from clicker.cli.edge import command, json_option, operator, show_json
from clicker.leaderboard.rules import Board
from clicker.wiring import Services


@click.group()
def leaderboard() -> None:
    """The top 20."""


@leaderboard.command()
@json_option
@command
def top(services: Services, as_json: bool) -> None:
    """Show the board and the global number."""
    _show(services.leaderboard.refresh(), as_json)


@leaderboard.command()
@click.argument("when", type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]))
@json_option
@command
def at(services: Services, when: datetime, as_json: bool) -> None:
    """Show the board as it was at WHEN (UTC): to the minute for a week, then to the hour. Usernames are today's."""
    found = services.leaderboard.at(when)
    if not found:
        raise click.ClickException("No board is as old as that.")
    _show(found[1], as_json, at=f"{found[0]:%Y-%m-%d %H:%M} UTC")


@leaderboard.command()
@command
def rebuild(services: Services) -> None:
    """Fill the hot store from Postgres; never lowers a count, safe while people play."""
    total = services.taps.count()
    with click.progressbar(length=total, label="players") as bar:
        players = services.taps.rebuild(progress=bar.update)
    services.audit.record(Action.BOARD_REBUILT, operator(), "board", players=players)
    click.echo(f"{players:,} players are in the hot store")


def _show(board: Board, as_json: bool, **more: str) -> None:
    if as_json:
        entries = [{"rank": e.rank, "username": e.username, "clicks": e.clicks} for e in board.entries]
        show_json({"entries": entries, "globalClicks": board.global_clicks, **more})
        return
    for title in more.values():
        click.echo(title)
    for entry in board.entries:
        click.echo(f"{entry.rank:>3}  {entry.username or '(deleted)':<32}  {entry.clicks:>12,}")
    click.echo(f"     {'everyone':<32}  {board.global_clicks:>12,}")
