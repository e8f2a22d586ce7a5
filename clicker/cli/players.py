"""`flask players`: look at, rename, block, export and delete a player."""

import click

from clicker.cli.edge import command, found_player, json_option, operator, show_json
from clicker.wiring import Services


@click.group()
def players() -> None:
    """One player, by username or id."""


@players.command()
@click.argument("player")
@json_option
@command
def show(services: Services, player: str, as_json: bool) -> None:
    """Show PLAYER (username or id) with clicks, rank and sessions."""
    found = found_player(services, player)
    rank = services.leaderboard.rank(found.clicks)
    sessions = services.sessions.of_player(found.id)
    if as_json:
        show_json({"id": found.id, "username": found.username or None, "clicks": found.clicks, "rank": rank,
                   "blocked": found.blocked, "sessions": sessions})  # fmt: skip
        return
    blocked = "  blocked" if found.blocked else ""
    click.echo(
        f"{found.username or '(no username)'}  id {found.id}  {found.clicks:,} clicks  rank {rank:,}{blocked}"
    )
    for row in sessions:
        click.echo(f"  session {row['id']}  {row['state']}  sequence {row['sequence']}")


@players.command()
@click.argument("player")
@click.argument("username")
@command
def rename(services: Services, player: str, username: str) -> None:
    """Give PLAYER (username or id) another USERNAME."""
    click.echo(services.players.choose_username(found_player(services, player).id, username, operator()))


@players.command()
@click.argument("player")
@command
def block(services: Services, player: str) -> None:
    """Block PLAYER (username or id): off the board, no taps until `unblock`. An id may be unknown here."""
    services.players.block(_id(services, player), operator())
    click.echo("blocked")


@players.command()
@click.argument("player")
@command
def unblock(services: Services, player: str) -> None:
    """Let PLAYER (username or id) play again."""
    services.players.unblock(_id(services, player), operator())
    click.echo("unblocked")


@players.command()
@click.argument("player")
@click.option("--yes", is_flag=True, help="Do not ask.")
@command
def delete(services: Services, player: str, yes: bool) -> None:
    """Delete all that is held of PLAYER (username or id); their taps stay in the global number."""
    found = found_player(services, player)
    if not yes:
        click.confirm(
            f"Delete {found.username or found.id} with {found.clicks:,} clicks for good?", abort=True
        )
    services.players.forget(found.id, operator())
    click.echo("deleted")


@players.command()
@click.argument("player")
@command
def export(services: Services, player: str) -> None:
    """Print all that is held of PLAYER (username or id) as JSON: what GET /me/export gives them."""
    show_json(services.players.export(found_player(services, player).id, operator()))


def _id(services: Services, player: str) -> int:
    return int(player) if player.isdecimal() else found_player(services, player).id
