"""`flask seed`: made-up players, for trying things at size."""

from random import Random

import click

from clicker.cli.edge import command
from clicker.players.rules import ADJECTIVES, ANIMALS
from clicker.taps.store import Remembered
from clicker.wiring import Services

FIRST_ID = 7_000_000_000_000
"""Above any id that Telegram gives today (they have at most 52 bits), so that no real player is touched."""
_CHUNK = 10_000


@click.command()
@click.option("--players", type=click.IntRange(1, 10_000_000), required=True, help="How many.")
@click.option(
    "--most", type=click.IntRange(1), default=5000, show_default=True, help="Clicks of the best, about."
)
@command
def seed(services: Services, players: int, most: int) -> None:
    """Make players with usernames and clicks, in both stores. The same command twice changes nothing."""
    random = Random(players)  # noqa: S311 - made-up data, the same every time
    with click.progressbar(length=players, label="players") as bar:
        for start in range(0, players, _CHUNK):
            numbers = range(start, min(start + _CHUNK, players))
            services.taps.seed([_made_up(number, most, random) for number in numbers])
            bar.update(len(numbers))


def _made_up(number: int, most: int, random: Random) -> Remembered:
    clicks = 1 + int(most * random.random() ** 6)
    name = f"{random.choice(ADJECTIVES)}_{random.choice(ANIMALS)}_{number}"
    return Remembered(FIRST_ID + number, clicks, name, name.title(), "en")
