"""`flask anomalies`: who taps like a robot, and what is done about it."""

import click

from clicker.anomalies.rules import State
from clicker.cli.edge import command, found_player, json_option, operator, show_json
from clicker.wiring import Services


@click.group()
def anomalies() -> None:
    """Players who tap like robots."""


@anomalies.command(name="list")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@json_option
@command
def list_(services: Services, state: str | None, limit: int, as_json: bool) -> None:
    """List the most suspicious players."""
    rows = services.anomalies.top(State(state) if state else None, limit)
    if as_json:
        show_json([{**row, "since": str(row["since"]), "changed_at": str(row["changed_at"])} for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row['player']}  {row['state']}  score {row['score']}  {row['suspicious']} suspicious windows"
            f"  {row['signs']}  {row['speed']:.1f} taps/s ± {row['variation']:.0%}"
        )


@anomalies.command()
@click.argument("player")
@command
def flag(services: Services, player: str) -> None:
    """Count fewer taps of PLAYER (username or id), until `unflag`; the others are deferred."""
    services.anomalies.flag(found_player(services, player).id, operator())
    click.echo("flagged")


@anomalies.command()
@click.argument("player")
@command
def unflag(services: Services, player: str) -> None:
    """Count all taps of PLAYER (username or id) again; only an operator can flag them from now on."""
    services.anomalies.unflag(found_player(services, player).id, operator())
    click.echo("unflagged")
