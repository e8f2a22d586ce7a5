"""The web process with a bare Flask route beside the game, to compare with: `gunicorn … bench.server:app`."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from wsgi import app as game

bare = Flask("bare")


@bare.post("/bare")
def ok() -> str:
    """What Flask itself costs: no hooks, no body, no store."""
    return "ok"


class Fork:
    """Hands `/bare` to a Flask app that does nothing else, and all other paths to the game."""

    extensions = game.extensions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chosen = bare if environ["PATH_INFO"] == "/bare" else game
        return chosen(environ, start_response)


app = Fork()
