"""How an answer looks: one value, shown as JSON or as the fragment of the same name."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, render_template

from clicker.web.asking import request_id, services, wants_json

Extra = list[tuple[str, str]]


def answer(
    template: str, data: Mapping[str, Any], status: int = 200, headers: Extra | None = None, **context: Any
) -> Response:
    """`data` and the pace as JSON, or `template` rendered with `data` and `context`."""
    if wants_json():
        return as_json({"pace": services().pace.current().as_json(), **data}, status, headers)
    return as_html(fragment(template, **data, **context), status, headers)


def as_json(data: Mapping[str, Any], status: int = 200, headers: Extra | None = None) -> Response:
    """`data`, numbers and texts only, as JSON."""
    return Response(json.dumps(data), status, headers, content_type="application/json")


def as_html(html: str, status: int = 200, headers: Extra | None = None) -> Response:
    """A fragment that is rendered already."""
    return Response(html, status, headers, content_type="text/html; charset=utf-8")


def fragment(template: str, **context: Any) -> str:
    """A template rendered with just this context: fragments need nothing of the request."""
    return current_app.jinja_env.get_template(template).render(context)


def done(status: int = 204) -> Response:
    """An answer without content."""
    return Response(status=status)


def error(
    template: str, data: Mapping[str, Any], status: int, target: str, swap: str = "outerMorph", **context: Any
) -> Response:
    """A failure: JSON, or a fragment that htmx swaps with `target`, wherever the request was aimed."""
    if wants_json():
        inner = {"code": data["code"], "message": data["message"], "requestId": request_id(), **data["extra"]}
        return Response(json.dumps({"error": inner}), status, mimetype="application/json")
    html = render_template(template, **data, request_id=request_id(), **context)
    response = Response(html, status, mimetype="text/html")
    if swap != "none":
        response.headers["HX-Retarget"] = target
    response.headers["HX-Reswap"] = swap
    return response
