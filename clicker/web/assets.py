"""Static files: addresses with a digest of the content, so that a browser may keep them for ever."""

from functools import lru_cache
from hashlib import blake2s
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

from clicker.errors import NotFound
from clicker.web.calls import call

_YEAR_S = 365 * 24 * 3600
_SHORT_S = 60
"""How long an address without a digest may be kept, in seconds."""


def register(app: Flask, folder: Path) -> None:
    @lru_cache
    def digest(name: str, modified: float) -> str:
        return blake2s((folder / name).read_bytes(), digest_size=6).hexdigest()

    def asset(name: str) -> str:
        """The address of `static/<name>`."""
        return url_for("static", filename=name, v=digest(name, (folder / name).stat().st_mtime))

    @app.get("/static/<path:filename>", endpoint="static")
    @call(
        tier=None,
        public=True,
        gives={200: "*/*", 304: None},
        query={"v": {"type": "string"}},
        errors=(NotFound,),
    )
    def static(filename: str) -> Response:
        """A file of the Mini App; with its digest as `v` it may be kept for ever."""
        known = "v" in request.args
        response = send_from_directory(folder, filename, max_age=_YEAR_S if known else _SHORT_S)
        response.cache_control.public = True
        response.cache_control.immutable = known
        return response

    app.jinja_env.globals["asset"] = asset
