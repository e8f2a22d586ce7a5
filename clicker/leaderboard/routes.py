"""The board, the same for everyone, so that browsers and proxies may keep it for a moment."""

from flask import Blueprint, Response, request

from clicker import i18n
from clicker.leaderboard.rules import Board
from clicker.web.answers import answer
from clicker.web.asking import services, speak, wants_json
from clicker.web.calls import call

blueprint = Blueprint("leaderboard", __name__)


@blueprint.get("/leaderboard")
@call(public=True, gives={200: "Board", 304: None})
def top() -> Response:
    """The top 20, the same for everyone."""
    speak()
    board = services().leaderboard.top()
    form = "json" if wants_json() else i18n.current()
    response = Response(status=304) if _has(f"{board.version}-{form}") else _shown(board)
    response.set_etag(f"{board.version}-{form}")
    response.headers["Cache-Control"] = "public, max-age=5, stale-while-revalidate=10"
    response.headers["Vary"] = "Accept, HX-Request, Accept-Language"
    return response


def _has(etag: str) -> bool:
    return request.if_none_match.contains_weak(etag)


def _shown(board: Board) -> Response:
    data = {
        "version": board.version,
        "entries": [{"rank": e.rank, "username": e.username, "clicks": e.clicks} for e in board.entries],
        "globalClicks": board.global_clicks,
    }
    return answer("leaderboard/_top.html", data, board=board)
