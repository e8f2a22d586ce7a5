"""`flask audit`: who did what."""

from typing import Any

import click

from clicker.audit.rules import Action, Wanted
from clicker.cli.edge import command, json_option, show_json
from clicker.wiring import Services


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command(name="list")
@click.option("--who", default="", help="A player's id, or an operator's name.")
@click.option("--action", type=click.Choice([action.value for action in Action]))
@click.option("--resource", default="", help="Such as player:1001.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@json_option
@command
def list_(services: Services, who: str, action: str | None, resource: str, limit: int, as_json: bool) -> None:
    """List what was done, the newest first."""
    services.audit.move()
    found = services.audit.search(Wanted(who=who, action=action or "", resource=resource), most=limit).entries
    if as_json:
        show_json([{**entry, "at": entry["at"].isoformat()} for entry in found])
        return
    for entry in found:
        click.echo(_line(entry))


def _line(entry: dict[str, Any]) -> str:
    by = " ".join(
        filter(None, (entry["role"], entry["who"], entry["address"] and f"from {entry['address']}"))
    )
    details = " ".join(f"{name}={value}" for name, value in entry["details"].items())
    return f"{entry['at']:%Y-%m-%d %H:%M:%S}  {entry['action']}  {entry['resource']}  by {by}  {details}".rstrip()
