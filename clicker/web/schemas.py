"""What answers look like as JSON, as JSON schemas (2020-12, OpenAPI 3.1) by name."""

from typing import Any

from clicker.pace.rules import ORDER

_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_USERNAME = {"type": ["string", "null"]}
_TIME = {"type": "string", "format": "date-time"}


def thing(optional: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    """An object with these properties; all but `optional` are always there."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _items(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


_PACE = {"pace": ref("Pace")}
_NEIGHBOUR = {"anyOf": [ref("Entry"), {"type": "null"}]}
_OPENED = {
    "token": _TEXT,
    "sessionId": _TEXT,
    "player": thing(id=_COUNT, username=_USERNAME, clicks=_COUNT, rank=_COUNT),
    "globalClicks": _COUNT,
    "sequence": _COUNT,
    **_PACE,
}

SCHEMAS: dict[str, Any] = {
    "Pace": thing(
        level={"type": "string", "enum": list(ORDER)}, flushMs=_COUNT, refreshMs=_COUNT, heartbeatMs=_COUNT
    ),
    "Entry": thing(rank=_COUNT, username=_TEXT, clicks=_COUNT),
    "Board": thing(version=_TEXT, entries=_items(ref("Entry")), globalClicks=_COUNT, **_PACE),
    "Opened": thing(**_OPENED),
    "Resumed": thing(**_OPENED, acknowledgedSequence=_COUNT, acknowledgedDeferred=_COUNT),
    "Username": thing(username=_TEXT, **_PACE),
    "Language": thing(language=_TEXT, token=_TEXT, **_PACE),
    "Score": thing(
        myClicks=_COUNT, globalClicks=_COUNT, accepted=_COUNT, deferred=_COUNT, sequence=_COUNT, **_PACE
    ),
    "Standing": thing(
        id=_COUNT,
        username=_USERNAME,
        clicks=_COUNT,
        rank=_COUNT,
        above=_NEIGHBOUR,
        below=_NEIGHBOUR,
        globalClicks=_COUNT,
        **_PACE,
    ),
    "Export": {"type": "object"},
    "Ticket": thing(ticket=_TEXT, expiresIn=_COUNT, **_PACE),
    "Health": thing(("checks",), status=_TEXT, checks={"type": "object"}),
    "Error": thing(
        error=thing(
            ("field", "reason", "rule"),
            code=_TEXT,
            message=_TEXT,
            requestId=_TEXT,
            field=_TEXT,
            reason=_TEXT,
            rule=_TEXT,
        )
    ),
}
