"""`flask leaderboard`: the board, and filling the hot store from Postgres."""

import click

from clicker.audit.rules import Action
from clicker.cli.edge import command, json_option, operator, show_json
from clicker.wiring import Services


@click.group()
def leaderboard() -> None:
    """The top 20."""


@leaderboard.command()
@json_option
@command
def top(services: Services, as_json: bool) -> None:
    """Show the board and the global number."""
    board = services.leaderboard.refresh()
    if as_json:
        entries = [{"rank": e.rank, "username": e.username, "clicks": e.clicks} for e in board.entries]
        show_json({"entries": entries, "globalClicks": board.global_clicks})
        return
    for entry in board.entries:
        click.echo(f"{entry.rank:>3}  {entry.username:<32}  {entry.clicks:>12,}")
    click.echo(f"     {'everyone':<32}  {board.global_clicks:>12,}")


@leaderboard.command()
@command
def rebuild(services: Services) -> None:
    """Fill the hot store from Postgres; never lowers a count, safe while people play."""
    total = services.taps.count()
    with click.progressbar(length=total, label="players") as bar:
        players = services.taps.rebuild(progress=bar.update)
    services.audit.record(Action.BOARD_REBUILT, operator(), "board", players=players)
    click.echo(f"{players:,} players are in the hot store")
