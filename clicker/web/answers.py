"""How an answer looks: one value, shown as JSON or as the fragment of the same name."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, json, render_template

from clicker.web.asking import request_id, services, wants_json

Extra = list[tuple[str, str]]


def answer(
    template: str, data: Mapping[str, Any], status: int = 200, headers: Extra | None = None, **context: Any
) -> Response:
    """`data` as JSON, or `template` rendered with `data` and `context`; with the pace in headers."""
    pace = services().pace.current()
    sent = [("X-Pace", pace.level), ("X-Flush-Ms", str(pace.flush_ms)), *(headers or [])]
    if wants_json():
        return Response(
            json.dumps({"pace": pace.as_json(), **data}), status, sent, content_type="application/json"
        )
    return Response(
        fragment(template, **data, **context), status, sent, content_type="text/html; charset=utf-8"
    )


def fragment(template: str, **context: Any) -> str:
    """A template rendered with just this context: fragments need nothing of the request."""
    return current_app.jinja_env.get_template(template).render(context)


def done(status: int = 204) -> Response:
    """An answer without content."""
    return Response(status=status)


def error(template: str, data: Mapping[str, Any], status: int, target: str, **context: Any) -> Response:
    """A failure: JSON, or a fragment that htmx puts into `target`, wherever the request was aimed."""
    if wants_json():
        inner = {"code": data["code"], "message": data["message"], "requestId": request_id(), **data["extra"]}
        return Response(json.dumps({"error": inner}), status, mimetype="application/json")
    html = render_template(template, **data, request_id=request_id(), **context)
    response = Response(html, status, mimetype="text/html")
    response.headers["HX-Retarget"] = target
    response.headers["HX-Reswap"] = "outerMorph"
    return response
