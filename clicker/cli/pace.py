"""`flask pace`: see the level of load, hold it, let it go."""

from dataclasses import asdict

import click

from clicker.audit.rules import Action
from clicker.cli.edge import command, json_option, operator, show_json
from clicker.pace.rules import ORDER
from clicker.wiring import Services


@click.group()
def pace() -> None:
    """The level of load, and the intervals that follow from it."""


@pace.command()
@json_option
@command
def show(services: Services, as_json: bool) -> None:
    """Show the level, its reasons, and what each web process felt last."""
    published, samples = services.pace.follow(), services.pace.sweep()
    if as_json:
        reasons, held = list(published.state.reasons), published.held or None
        felt = {process: asdict(sample) for process, sample in samples.items()}
        show_json({**services.pace.current().as_json(), "reasons": reasons, "held": held, "processes": felt})
        return
    why = "held by hand" if published.held else ", ".join(published.state.reasons) or "nothing is wrong"
    click.echo(f"{published.level}: {why}")
    for process, sample in sorted(samples.items()):
        click.echo(
            f"  {process}  loop {sample.loop_ms:.0f} ms  store {sample.store_ms:.0f} ms  in flight {sample.in_flight}"
            f"  sessions {sample.sessions}  jobs {sample.jobs}  messages {sample.messages}"
        )


@pace.command()
@click.argument("level", type=click.Choice(ORDER))
@command
def hold(services: Services, level: str) -> None:
    """Hold LEVEL until `flask pace release`, whatever the load."""
    services.pace.hold(level)
    services.audit.record(Action.PACE_HELD, operator(), "pace", level=level)
    click.echo(f"held at {level}")


@pace.command()
@command
def release(services: Services) -> None:
    """Let the level follow the load again."""
    services.pace.release()
    services.audit.record(Action.PACE_RELEASED, operator(), "pace")
    click.echo(f"released; now {services.pace.current().level}")
