"""`flask db`: the ledger store's schema."""

import click

from clicker.cli.edge import command, json_option, show_json
from clicker.stores import schema
from clicker.wiring import Services


@click.group()
def db() -> None:
    """The schema of Postgres."""


@db.command()
@command
def upgrade(services: Services) -> None:
    """Apply every pending migration."""
    applied = schema.upgrade()
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")


@db.command()
@command
def down(services: Services) -> None:
    """Take back the newest migration, with the data that only it holds."""
    reverted = schema.downgrade()
    click.echo("\n".join(f"reverted {name}" for name in reverted) or "nothing to take back")


@db.command()
@json_option
@command
def status(services: Services, as_json: bool) -> None:
    """List migrations; exit 1 if any is pending."""
    rows = [(row.name, row.applied is not None) for row in schema.status()]
    if as_json:
        show_json([{"name": name, "applied": applied} for name, applied in rows])
    else:
        click.echo("\n".join(f"{'applied' if applied else 'pending'}  {name}" for name, applied in rows))
    if not all(applied for _, applied in rows):
        raise SystemExit(1)
