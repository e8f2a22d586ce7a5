"""`flask taps`: move counts to Postgres, and see whether both stores agree."""

from dataclasses import asdict

import click

from clicker.audit.rules import Action
from clicker.cli.edge import command, json_option, operator, show_json
from clicker.wiring import Services


@click.group()
def taps() -> None:
    """Counts in both stores."""


@taps.command()
@command
def flush(services: Services) -> None:
    """Copy what changed into Postgres now."""
    flushed = services.taps.flush()
    services.audit.record(Action.TAPS_FLUSHED, operator(), "taps", sessions=flushed)
    click.echo(f"{flushed:,} sessions flushed")


@taps.command()
@json_option
@command
def verify(services: Services, as_json: bool) -> None:
    """Compare every player in the hot store with Postgres; exit 1 on a difference."""
    verdict = services.taps.verify()
    if as_json:
        show_json({**asdict(verdict), "agree": verdict.agree})
    else:
        click.echo(f"{verdict.players:,} players; {verdict.unflushed:,} sessions wait for the flush")
        click.echo(f"hot store: total {verdict.hot_total:,}, boards {verdict.hot_sum:,}")
        click.echo(f"Postgres:  total {verdict.ledger_sum:,}")
        for player, hot, ledger in verdict.mismatches:
            click.echo(f"  player {player}: {hot:,} in the hot store, {ledger:,} in Postgres")
        if verdict.history_differs:
            click.echo(
                f"  the history of {verdict.history_differs:,} players does not add up to their clicks"
            )
        click.echo("they agree" if verdict.agree else f"they DIFFER ({verdict.mismatched:,} players)")
    if not verdict.agree:
        raise SystemExit(1)
