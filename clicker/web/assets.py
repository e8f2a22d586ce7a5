"""Addresses of static files, each with a digest of its content, so that a browser may keep it for ever."""

from functools import lru_cache
from hashlib import blake2s
from pathlib import Path

from flask import Flask, Response, request, url_for

_FOR_EVER = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    folder = Path(app.static_folder or "static")

    @lru_cache
    def digest(name: str, modified: float) -> str:
        return blake2s((folder / name).read_bytes(), digest_size=6).hexdigest()

    def asset(name: str) -> str:
        """The address of `static/<name>`."""
        return url_for("static", filename=name, v=digest(name, (folder / name).stat().st_mtime))

    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            response.headers["Cache-Control"] = _FOR_EVER if "v" in request.args else "public, max-age=60"
        return response
