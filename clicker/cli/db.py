"""`flask db`: the ledger store's schema."""

from pathlib import Path

import click

from clicker.anomalies.models import AnomalyRow
from clicker.audit.models import AuditRow
from clicker.cli.edge import command, json_option, show_json
from clicker.leaderboard.models import BoardRow, PlaceRow
from clicker.metrics.models import FiguresRow
from clicker.players.models import BlockRow, CounterRow, PlayerRow
from clicker.sessions.models import SessionRow
from clicker.stores import drawing, schema
from clicker.taps.models import HistoryRow
from clicker.wiring import Services

MODELS = (
    *(PlayerRow, SessionRow, HistoryRow, PlaceRow, AnomalyRow, BlockRow),
    *(BoardRow, AuditRow, FiguresRow, CounterRow),
)
"""All tables but the list of migrations."""


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


@db.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def draw(document: Path) -> None:
    """Draw the tables into DOCUMENT (docs/data.md), out of the models."""
    document.write_text(drawing.replaced(document.read_text(), drawing.drawn(MODELS)))
