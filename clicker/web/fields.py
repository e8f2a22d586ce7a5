"""What a request carries: a form or JSON, read strictly, so that bad input is named and nothing is guessed."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from flask import request

from clicker.errors import BadField, UnsupportedType
from clicker.web.asking import asked

_MOST_FIELDS = 20
_MOST_DIGITS = 17
_SMALL = 256
"""Bytes; less than any limit."""
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_PLAIN = re.compile(r"\w+=\w*(?:&\w+=\w*){0,9}", re.ASCII).fullmatch
"""A form with nothing encoded in it: nothing needs to be decoded. A tap's is one."""


class Fields:
    """The named values of one request body. Every reader raises BadField, naming the field."""

    def __init__(self, values: dict[str, Any], typed: bool) -> None:
        self.values, self.typed = values, typed

    def integer(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`: digits in a form, an integer in JSON."""
        value = self._value(name)
        if not self.typed and isinstance(value, str) and value.isascii() and value.isdecimal():
            value = int(value) if len(value) <= _MOST_DIGITS else high + 1
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadField(name, "must be a whole number")
        if not low <= value <= high:
            raise BadField(name, f"must be {low} to {high}")
        return value

    def text(self, name: str, longest: int) -> str:
        """Text of at most `longest` characters; may be empty."""
        value = self._value(name)
        if not isinstance(value, str):
            raise BadField(name, "must be text")
        if not _whole(value):
            raise BadField(name, "must be whole Unicode")
        if len(value) > longest:
            raise BadField(name, f"must be at most {longest} characters")
        return value

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise BadField(name, "is missing")
        return self.values[name]


def read() -> Fields:
    """The fields of the present request. Raises BadField, UnsupportedType, or 413 by Flask's own limit."""
    kind = asked().get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    body = _body()
    if kind == _FORM or (not kind and not body):
        return Fields(_unique(_form(body)), typed=False)
    if kind == _JSON:
        return Fields(_json(body), typed=True)
    raise UnsupportedType


def check_query(query: str) -> None:
    """Raises BadField if a parameter of a query string is given more than once, or there are too many."""
    try:
        _unique(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise BadField("query", "has too many fields") from None


def _body() -> bytes:
    """The request's body, as Flask would read it; a small one is simply read, which is a third of the work."""
    environ = asked()
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or int(length) > _SMALL:
        return request.get_data(cache=False)
    body: bytes = environ["wsgi.input"].read(int(length))
    if len(body) < int(length):
        raise BadField("body", "is shorter than its Content-Length")
    return body


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        if _PLAIN(text):
            return [(name, value) for name, _, value in (pair.partition("=") for pair in text.split("&"))]
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:  # not ASCII, percent-encoded bytes that are not UTF-8, or too many fields
        raise BadField("body", "is not a form in UTF-8") from None


def _json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body.decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise BadField("body", "is not JSON in UTF-8") from None
    if not isinstance(values, dict):
        raise BadField("body", "must be a JSON object")
    return values


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadField(twice[:64] if _whole(twice) else "body", "is given more than once")
    return values


def _whole(text: str) -> bool:
    """False if there is half a character in it, as JSON's escapes allow: no store and no answer could hold it."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
