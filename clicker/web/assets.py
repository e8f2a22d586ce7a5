"""Static files: kept for ever by browsers, and sent compressed.

The address carries one digest of the whole folder, `/static/<digest>/js/app.js`, so that what a module imports by a
relative address carries it too. An address with another digest, from a page of an older version, gets the file as it
is now, for a short time.
"""

import gzip
import mimetypes
import os.path
import re
from functools import lru_cache
from hashlib import blake2s
from pathlib import Path

import brotli
from flask import Flask, Response, request
from werkzeug.security import safe_join

from clicker.errors import NotFound
from clicker.web.calls import call

_YEAR_S = 365 * 24 * 3600
_SHORT_S = 60
"""How long an address without the present digest may be kept, in seconds."""
_DIGEST = re.compile(r"([0-9a-f]{12})/(.+)")
_WORTH_IT = {"text/css", "text/javascript", "text/html", "image/svg+xml"}
_PACK = {"br": brotli.compress, "gzip": gzip.compress}
"""Ways to compress, the best one first."""
mimetypes.add_type("text/javascript", ".js")


@lru_cache(128)
def _packed(body: bytes, how: str) -> bytes:
    return bytes(_PACK[how](body))


def compressed(body: bytes, mimetype: str) -> Response:
    """An answer with this body, compressed as the present request allows; what was compressed once is kept."""
    how = next((name for name in _PACK if name in request.accept_encodings), "")
    response = Response(_packed(body, how) if how and mimetype in _WORTH_IT else body, mimetype=mimetype)
    if mimetype in _WORTH_IT:
        response.vary.add("Accept-Encoding")
        if how:
            response.content_encoding = how
    return response


def lightened(response: Response) -> Response:
    """A long answer that is made for one player: compressed quickly, and not kept."""
    if "br" in request.accept_encodings:
        response.set_data(brotli.compress(response.get_data(), quality=4))
        response.content_encoding = "br"
        response.vary.add("Accept-Encoding")
    return response


class Assets:
    """The folder `static/`: the digest of what is in it, and its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._digest = lru_cache(1)(self._digest_of)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any file."""
        files = sorted(path for path in self.folder.rglob("*.*") if path.is_file())
        return self._digest(tuple((path, path.stat().st_mtime_ns) for path in files))

    def address(self, name: str) -> str:
        """The address of `static/<name>`. Raises FileNotFoundError."""
        (self.folder / name).stat()
        return f"/static/{self.digest}/{name}"

    def modules(self) -> list[str]:
        """Every module of the page, such as `js/score.js`."""
        return sorted(f"js/{path.name}" for path in (self.folder / "js").glob("*.js"))

    def serve(self, filename: str) -> Response:
        """The answer to `GET /static/<filename>`."""
        found = _DIGEST.fullmatch(filename)
        name = found[2] if found else filename
        path = safe_join(str(self.folder), name)
        # Not Path.is_file(), which raises for a name that is longer than any file's.
        if path is None or not os.path.isfile(path):
            raise NotFound
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = compressed(Path(path).read_bytes(), mimetype)
        current = found is not None and found[1] == self.digest
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR_S if current else _SHORT_S
        response.cache_control.immutable = current
        response.add_etag()
        response.make_conditional(request)
        return response

    @staticmethod
    def _digest_of(files: tuple[tuple[Path, int], ...]) -> str:
        whole = blake2s(digest_size=6)
        for path, _ in files:
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
        return whole.hexdigest()


def register(app: Flask, folder: Path) -> None:
    assets = Assets(folder)

    @app.get("/static/<path:filename>", endpoint="static")
    @call(tier=None, public=True, gives={200: "*/*", 304: None}, errors=(NotFound,))
    def static(filename: str) -> Response:
        """A file of the Mini App; behind the present digest it may be kept for ever."""
        return assets.serve(filename)

    app.jinja_env.globals["asset"] = assets.address
    app.jinja_env.globals["modules"] = assets.modules
    app.extensions["assets"] = assets
