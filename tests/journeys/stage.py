"""A web process on stores of its own with a full board, for pictures and measurements."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from clicker import wiring
from clicker.settings import Settings
from clicker.taps.store import Remembered
from clicker.wiring import Services
from tests.conftest import empty, running_in
from tests.processes import Web, running
from tests.waiting import eventually

PEOPLE = 1000
MOST = 12_000


@contextmanager
def stage() -> Iterator[tuple[Web, Services]]:
    """The web process, ready, and the services behind it."""
    with tempfile.TemporaryDirectory(prefix="clicker-") as made, running_in(Path(made), False) as stores:
        settings = Settings(
            database_url=stores.database_url, redis_url=stores.redis_url, rq_redis_url=stores.rq_redis_url
        )
        game = wiring.build(settings)
        empty(game)
        game.outbox.introduce("clicker_bot")
        _fill(game)
        web = Web(
            {**stores.environment(), "LOG_FORMAT": "text", "LOG_LEVEL": "ERROR"}, Path(made) / "web.log"
        )
        with running(web):
            eventually(web.ready, 30, f"web is ready, see {web.log}")
            yield web, game


def _fill(game: Services) -> None:
    random = Random(7)
    names = sorted({name for _ in range(PEOPLE) for name in game.players.ideas(1)})
    people = [
        Remembered(900_000 + at, int(MOST * random.random() ** 4) + 1, name, "", "en")
        for at, name in enumerate(names)
    ]
    game.taps.seed(people)
