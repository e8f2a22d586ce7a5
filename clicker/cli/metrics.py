"""`flask metrics`: figures of the past, from Postgres."""

from datetime import timedelta

import click

from clicker.cli.edge import command, json_option, show_json
from clicker.clock import to_ms, utc
from clicker.metrics.rules import TABLE
from clicker.wiring import Services


@click.group()
def metrics() -> None:
    """Figures of the past, for who has no Prometheus."""


@metrics.command()
@click.argument(
    "name", type=click.Choice([n for n, m in TABLE.items() if m.kind != "histogram"]), metavar="NAME"
)
@click.option("--hours", type=click.IntRange(1, 24 * 365), default=1, show_default=True)
@json_option
@command
def past(services: Services, name: str, hours: int, as_json: bool) -> None:
    """Show a metric of /metrics minute by minute, hour by hour before the last week. Counters are as they stood."""
    since = utc(to_ms(services.clock())) - timedelta(hours=hours)
    rows = [
        {"at": f"{at:%Y-%m-%d %H:%M}", "series": "|".join(series[1:]), "value": value}
        for at, found in services.metrics.past(name, since)
        for series, value in found.items()
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['at']}  {row['series']:<24} {row['value']:>14,.10g}")
