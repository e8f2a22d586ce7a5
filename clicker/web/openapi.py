"""`GET /openapi.json`: the whole of HTTP as OpenAPI 3.1, made from what is said beside each route."""

import json
import re
from collections import defaultdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, current_app
from werkzeug.routing import Rule

from clicker.errors import (
    BadField,
    Blocked,
    ClickerError,
    NoSession,
    Overloaded,
    TooLarge,
    TooManyRequests,
    UnknownHost,
    UnsupportedType,
)
from clicker.web.calls import Call, call
from clicker.web.schemas import SCHEMAS, ref, thing

blueprint = Blueprint("openapi", __name__)

_METHODS = ("GET", "POST", "DELETE")
_FORM, _JSON, _HTML = "application/x-www-form-urlencoded", "application/json", "text/html"
_LEFT = {
    f"X-RateLimit-{name}": {"schema": {"type": "integer"}, "description": said}
    for name, said in {
        "Limit": "calls in all",
        "Remaining": "calls left",
        "Reset": "Unix time in seconds when there are more",
    }.items()
}
_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}


@blueprint.get("/openapi.json")
@call(public=True, gives={200: "application/json"})
def openapi() -> Response:
    """This document."""
    kept = current_app.extensions.setdefault("openapi", json.dumps(document(current_app)))
    return Response(kept, mimetype=_JSON, headers={"Cache-Control": "public, max-age=300"})


def document(app: Flask) -> dict[str, Any]:
    """Every route of which something is said, with what it takes, gives and refuses."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for rule in app.url_map.iter_rules():
        said = app.extensions["calls"].get(rule.endpoint)
        for method in _METHODS if said else ():
            if method in (rule.methods or ()):
                path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
                summary = (app.view_functions[rule.endpoint].__doc__ or "").split("\n")[0]
                paths[path][method.lower()] = _operation(rule, said, summary)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Clicker", "version": "1", "description": "See docs/http.md."},
        "paths": dict(paths),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(rule: Rule, said: Call, summary: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in sorted(rule.arguments)
        ]
        + [{"name": name, "in": "query", "schema": schema} for name, schema in said.query.items()],
        "responses": _answers(said),
    }
    if said.takes:
        fields = thing(**said.takes)
        told["requestBody"] = {
            "required": True,
            "content": {_JSON: {"schema": fields}, _FORM: {"schema": fields}},
        }
    if not said.public:
        told["security"] = [{"token": []}]
    return told


def _answers(said: Call) -> dict[str, Any]:
    errors: dict[int, list[str]] = defaultdict(list)
    for error in (*said.errors, *_common(said)):
        errors[error.status].append(getattr(error, "code", ""))
    answers: dict[str, Any] = {}
    for status, codes in errors.items():
        content = {_JSON: {"schema": ref("Error")}, _HTML: {"schema": {"type": "string"}}}
        answers[str(status)] = {"description": " · ".join(dict.fromkeys(codes)), "content": content}
    for status, name in said.gives.items():
        answers[str(status)] = {"description": HTTPStatus(status).phrase} | _content(name)
    if said.tier:
        for status in (*said.gives, 429):
            answers[str(status)]["headers"] = dict(_LEFT)
    for status in (429, 503):
        if status in errors:
            answers[str(status)].setdefault("headers", {}).update(_AFTER)
    return dict(sorted(answers.items()))


def _common(said: Call) -> list[type[ClickerError]]:
    """What a call may be refused with because of what kind of call it is."""
    found: list[type[ClickerError]] = [UnknownHost, BadField, Overloaded]
    if said.tier:
        found += [TooLarge, TooManyRequests]
    if said.takes:
        found += [TooLarge, UnsupportedType]
    if not said.public:
        found += [NoSession, Blocked]
    return found


def _content(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    if name not in SCHEMAS:
        return {"content": {name: {}}}
    return {"content": {_JSON: {"schema": ref(name)}, _HTML: {"schema": {"type": "string"}}}}
