"""The command line's edge: where the services come from, how failures and JSON are shown."""

import functools
import getpass
import json
import os
from collections.abc import Callable
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from clicker.audit.rules import Actor
from clicker.errors import ClickerError, NoPlayer
from clicker.players.rules import Player
from clicker.stores import postgres, redis
from clicker.wiring import Services

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Hands the services to a command as its first argument and turns failures into one clear line, exit 1."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        services: Services = current_app.extensions["clicker"]
        try:
            function(services, *args, **kwargs)
        except ClickerError as error:
            raise click.ClickException(error.message) from None
        except redis.Error as error:
            raise click.ClickException(
                f"The hot store does not answer ({type(error).__name__}).{_HINT}"
            ) from None
        except postgres.Errors as error:
            reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise click.ClickException(f"Postgres does not answer or refuses: {reason}.{_HINT}") from None

    return with_appcontext(wrapped)


def found_player(services: Services, player: str) -> Player:
    """A player by username or id. Raises NoPlayer."""
    found = services.players.find(player)
    if found is None:
        raise NoPlayer
    return found


def operator() -> Actor:
    """Whoever runs the command, for the audit log: the name of their account on this machine."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        name = str(os.getuid())
    return Actor.operator(f"cli:{name}")


_HINT = " In development `make run` starts the stores."


def show_json(value: Any) -> None:
    """Prints a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
