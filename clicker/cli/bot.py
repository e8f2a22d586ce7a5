"""`flask bot`: what the bot tells Telegram about itself. In a process of its own: this one does without aiogram."""

import subprocess
import sys

import click

LIMIT_S = 60


@click.group()
def bot() -> None:
    """How updates reach the bot, and how it introduces itself."""


@bot.command(name="set-webhook")
def set_webhook() -> None:
    """Have Telegram call PUBLIC_URL with every update (the bot does so at its start)."""
    _run("set-webhook")


@bot.command(name="delete-webhook")
def delete_webhook() -> None:
    """Have updates wait until the bot asks for them."""
    _run("delete-webhook")


@bot.command()
def commands() -> None:
    """Set commands, descriptions and the menu button, in every language (the bot does so at its start)."""
    _run("commands")


def _run(name: str) -> None:
    argv = [sys.executable, "-m", "clicker.bot", name]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        raise click.ClickException(f"Telegram did not answer within {LIMIT_S} s.") from None
    if done.returncode:
        raise click.ClickException((done.stderr.strip().splitlines() or ["the bot's process failed"])[-1])
    click.echo(done.stdout.strip())
