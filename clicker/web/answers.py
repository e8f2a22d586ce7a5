"""How an answer looks: one value, shown as JSON or as the fragment of the same name."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g, json, render_template

from clicker.web.asking import services, wants_json


def answer(template: str, data: Mapping[str, Any], status: int = 200, **context: Any) -> Response:
    """`data` as JSON, or `template` rendered with `data` and `context`; with the pace in headers."""
    pace = services().pace.current()
    if wants_json():
        response = Response(json.dumps(data), status, mimetype="application/json")
    else:
        response = Response(render_template(template, **data, **context), status, mimetype="text/html")
    response.headers["X-Pace"] = pace.level
    response.headers["X-Flush-Ms"] = str(pace.flush_ms)
    return response


def done(status: int = 204) -> Response:
    """An answer without content."""
    return Response(status=status)


def error(template: str, data: Mapping[str, Any], status: int, target: str, **context: Any) -> Response:
    """A failure: JSON, or a fragment that htmx puts into `target`, wherever the request was aimed."""
    if wants_json():
        inner = {"code": data["code"], "message": data["message"], "requestId": g.request_id, **data["extra"]}
        return Response(json.dumps({"error": inner}), status, mimetype="application/json")
    html = render_template(template, **data, request_id=g.request_id, **context)
    response = Response(html, status, mimetype="text/html")
    response.headers["HX-Retarget"] = target
    response.headers["HX-Reswap"] = "outerMorph"
    return response
