"""`flask sessions`: who plays now, and pausing who stopped."""

from datetime import UTC, datetime

import click

from clicker.cli.edge import command, json_option, show_json
from clicker.wiring import Services


@click.group()
def sessions() -> None:
    """Stretches of play."""


@sessions.command(name="list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@command
def list_(services: Services, limit: int, as_json: bool) -> None:
    """List active sessions, the freshest first."""
    active, rows = services.sessions.active(), services.sessions.newest(limit)
    if as_json:
        show_json(
            {"active": active, "sessions": [{"id": session, "seen": int(seen)} for session, seen in rows]}
        )
        return
    for session, seen in rows:
        click.echo(f"{session}  {datetime.fromtimestamp(seen / 1000, UTC):%Y-%m-%d %H:%M:%S}")
    click.echo(f"{active:,} active")


@sessions.command()
@command
def reap(services: Services) -> None:
    """Pause idle sessions and close old ones now."""
    paused, closed = services.sessions.reap()
    click.echo(f"{paused:,} paused, {closed:,} closed")
