"""Commands for the operator, under `flask`. They call services and hold no rules."""

from flask import Flask

from clicker.cli.anomalies import anomalies
from clicker.cli.audit import audit
from clicker.cli.bot import bot
from clicker.cli.db import db
from clicker.cli.leaderboard import leaderboard
from clicker.cli.metrics import metrics
from clicker.cli.pace import pace
from clicker.cli.players import players
from clicker.cli.seed import seed
from clicker.cli.sessions import sessions
from clicker.cli.taps import taps
from clicker.cli.up import up


def register(app: Flask) -> None:
    """Adds every command to the app."""
    for command in (up, db, seed, players, leaderboard, taps, sessions, pace, metrics, audit, anomalies, bot):
        app.cli.add_command(command)
