"""The parameters of a Bot API call, whichever of the four ways they came in."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.errors import bad_request

_TRUE = {"true", "yes", "1"}


class Parameters:
    """Named values of one call; texts, or JSON values if the call's body was JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = {name: value for name, value in values.items() if value is not None}

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str) -> str:
        """A text that must be there; 400 `parameter "name" is required` otherwise."""
        value = self.text(name)
        if not value:
            raise bad_request(f'Parameter "{name}" is required')
        return value

    def integer(self, name: str, default: int = 0, low: int | None = None, high: int | None = None) -> int:
        """A whole number, moved into its bounds; what is no number counts as 0, as Telegram has it."""
        if name not in self.values:
            return default
        try:
            value = int(self.text(name).strip())
        except ValueError:
            value = 0
        value = value if low is None else max(low, value)
        return value if high is None else min(high, value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in _TRUE

    def structure(self, name: str, title: str) -> Any:
        """A JSON value; None if absent or empty; 400 `can't parse {title} JSON object`."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {title} JSON object") from None


async def read_parameters(request: web.Request) -> Parameters:
    """Takes the query string and a form, multipart or JSON body together; the body wins.

    Raises ApiError 400 for a body that is not what its Content-Type says.
    """
    values: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return Parameters(values)
    try:
        values.update(await _body(request))
    except (ValueError, UnicodeDecodeError, LookupError, RecursionError, AssertionError):
        raise bad_request("can't parse the request's body") from None
    return Parameters(values)


async def _body(request: web.Request) -> Mapping[str, Any]:
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("a JSON object is expected")
        return body
    form = await request.post()
    return {name: value for name, value in form.items() if isinstance(value, str)}
