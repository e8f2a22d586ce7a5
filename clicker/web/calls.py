"""What a route promises, said beside it: how it is limited, what it takes and gives. Nothing of this costs a request.

`@call(…)` stands between the route and the function. `web/limits.py` counts by it, `web/openapi.py` publishes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask

from clicker.errors import ClickerError
from clicker.limits.rules import STANDARD

View = TypeVar("View", bound=Callable[..., Any])
Schema = Mapping[str, Any]
KB = 1024
SMALL = 1 * KB
"""The largest body of a call that does not say otherwise, in bytes: a batch of taps has fewer than 100."""


@dataclass(frozen=True)
class Call:
    """`tier` is None for a call that is not counted; `body` is in bytes; `public` calls need no token, and the view of
    one that `counts_itself` learns by itself who asks.

    `takes` and `query` are JSON schemas of the fields by name, `gives` a schema's name in `openapi.SCHEMAS` (None: no
    content; a media type: that) by status, `errors` what it may refuse with, besides what every call may.
    """

    tier: str | None = STANDARD
    body: int = SMALL
    public: bool = False
    counts_itself: bool = False
    takes: Mapping[str, Schema] = field(default_factory=dict)
    query: Mapping[str, Schema] = field(default_factory=dict)
    gives: Mapping[int, str | None] = field(default_factory=lambda: {204: None})
    errors: tuple[type[ClickerError], ...] = ()


def call(**said: Any) -> Callable[[View], View]:
    """Says what a view promises; the view itself stays as it is."""

    def mark(view: View) -> View:
        view.call = Call(**said)  # type: ignore[attr-defined]
        return view

    return mark


def calls(app: Flask) -> dict[str, Call]:
    """What was said of the app's views, by endpoint."""
    found = {endpoint: getattr(view, "call", None) for endpoint, view in app.view_functions.items()}
    return {endpoint: said for endpoint, said in found.items() if said}
