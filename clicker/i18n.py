"""Languages: one gettext catalogue for the Mini App, the bot and the errors.

The language is a context variable, set once at each edge (a request, an update), so that no text has to be
passed a language. Strings at module level are `lazy`: they are translated when they are shown.
"""

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "ru")
DEFAULT = "en"
_FOLDER = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


@lru_cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("messages", _FOLDER, [language], fallback=True)


def pick(tag: str | None) -> str:
    """The nearest language that we speak to an IETF tag such as `ru-RU`; the default if none is."""
    short = (tag or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else DEFAULT


def current() -> str:
    """The language in use here, one of `LANGUAGES`."""
    return _language.get()


def set_language(tag: str | None) -> None:
    """Use this language until the end of the present request or task."""
    _language.set(pick(tag))


@contextmanager
def language(tag: str | None) -> Iterator[None]:
    """Use this language inside the block."""
    token = _language.set(pick(tag))
    try:
        yield
    finally:
        _language.reset(token)


def each() -> Iterator[str]:
    """All languages, one after another; what is said in the loop's body is said in that language."""
    for tongue in LANGUAGES:
        with language(tongue):
            yield tongue


def gettext(message: str, **values: object) -> str:
    """The message in the current language; `%(name)s` marks are filled from `values`."""
    text = _catalogue(_language.get()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """The right plural form for `n`, which is itself available as `%(n)s`, grouped by thousands."""
    text = _catalogue(_language.get()).ngettext(singular, plural, n)
    return text % {"n": number(n), **values}


def number(value: int) -> str:
    """An integer as the current language groups it: 12,345 or 12 345 (no-break space), as browsers do."""
    grouped = f"{value:,}"
    return grouped.replace(",", "\xa0") if _language.get() == "ru" else grouped


class lazy:  # noqa: N801 - reads as a function where it is used
    """A message that is translated each time it is shown."""

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return gettext(self.message, **self.values)

    def __repr__(self) -> str:
        return f"lazy({self.message!r})"


Text = str | lazy
