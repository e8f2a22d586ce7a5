"""Fragments that differ in nothing but numbers: the template is rendered once, then only filled in.

Jinja takes 30 µs for what a tap is answered with, and all but five numbers of it is the same for everybody.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from flask import current_app

from clicker import i18n


class _Mark(int):
    """Stands for a number that is not known yet. A template may show it; deciding by it is a TypeError."""

    name: str

    @classmethod
    def of(cls, name: str) -> "_Mark":
        mark = cls()
        mark.name = name
        return mark

    def __html__(self) -> str:
        return f"\0{self.name}\0"

    def __format__(self, spec: str) -> str:
        if spec != ",":
            self._undecided()
        return f"\0{self.name}_grouped\0"

    def _undecided(self, *_: object) -> NoReturn:
        raise TypeError(f"a prepared template can't decide by {self.name}: it differs from tap to tap")

    __str__ = __bool__ = __index__ = __int__ = __float__ = __add__ = __sub__ = __mod__ = _undecided
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _undecided


class Prepared:
    """A template, rendered once for each language and `key`."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._patterns: dict[tuple[str, str], tuple[str, list[str]]] = {}

    def fill(self, numbers: Mapping[str, int], key: str, fixed: Mapping[str, Any]) -> str:
        """The fragment with `numbers`; `fixed` is the rest of its context, the same whenever `key` is the same."""
        wanted = (i18n.current(), key)
        found = self._patterns.get(wanted)
        if found is None:
            found = self._patterns[wanted] = self._prepare(list(numbers), fixed)
        pattern, grouped = found
        return pattern % {**numbers, **{f"{name}_grouped": i18n.number(numbers[name]) for name in grouped}}

    def _prepare(self, names: list[str], fixed: Mapping[str, Any]) -> tuple[str, list[str]]:
        marks = {name: _Mark.of(name) for name in names}
        html = current_app.jinja_env.get_template(self.template).render({**fixed, **marks})
        pattern = html.replace("%", "%%")
        for name in names:
            pattern = pattern.replace(f"\0{name}\0", f"%({name})d")
            pattern = pattern.replace(f"\0{name}_grouped\0", f"%({name}_grouped)s")
        return pattern, [name for name in names if f"%({name}_grouped)s" in pattern]
