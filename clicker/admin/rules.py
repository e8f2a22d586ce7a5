"""Who gets in, how often one may try, and what is kept of errors. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clicker.errors import ClickerError

TRIES = 5
"""Passwords that one address may try in TRIES_WINDOW_S."""
TRIES_OF_ALL = 60
"""Passwords that all addresses together may try in TRIES_WINDOW_S; the operator still has the command line."""
TRIES_WINDOW_S = 300
LOGIN_S = 8 * 3600
"""How long a login lasts, in seconds."""
LONGEST_ERROR = 600
"""Characters of an error that are kept."""
_SHORTEST_SECRET = 6
_UNIQUE = re.compile(r"\b[0-9a-f]{8,}(-[0-9a-f]+)*\b| \[[\w-]+\]$")
"""Ids of workers, jobs and requests: what tells errors apart that say the same."""
_TRACEBACK = "Traceback (most recent call last):"
_SECRETS = re.compile(r"\d{5,}:[\w-]{20,}|(?<=://)[^\s/@]+(?=@)|(?<=Bearer )\S+")
"""Bot tokens, names and passwords in addresses, and bearer tokens, whoever's they are."""


class WrongPassword(ClickerError):
    code = "wrong_password"
    status = 401
    text = "That is not the password."


class TooManyTries(ClickerError):
    code = "too_many_requests"
    status = 429
    text = "Too many tries. Wait a few minutes."


class Forged(ClickerError):
    """A POST without the token of the page that it should come from."""

    code = "forged"
    status = 403
    text = "This page is out of date. Load it again."


@dataclass(frozen=True)
class Tried:
    """Tries within the window, this one included, and how long until the longer window ends, in seconds."""

    here: int
    everywhere: int
    wait_s: int

    @property
    def too_often(self) -> bool:
        return self.here > TRIES or self.everywhere > TRIES_OF_ALL


@dataclass(frozen=True)
class Mishap:
    """An error that a process logged. `at` is Unix time in seconds, `part` is web, worker or bot."""

    at: float
    part: str
    logger: str
    text: str


@dataclass(frozen=True)
class Mishaps:
    """The newest of errors that say the same, and how many there are of them."""

    last: Mishap
    times: int


def grouped(mishaps: Iterable[Mishap], most: int) -> list[Mishaps]:
    """Errors of one part that say the same (but for ids) as one; given and told the newest first."""
    found: dict[tuple[str, str], Mishaps] = {}
    for mishap in mishaps:
        key = mishap.part, _UNIQUE.sub("", mishap.text)
        known = found.get(key, Mishaps(mishap, 0))
        found[key] = Mishaps(known.last, known.times + 1)
    return list(found.values())[:most]


def gist(text: str) -> str:
    """A message that brings its traceback along, without it: what was said, and the error."""
    said, traceback, rest = text.partition(_TRACEBACK)
    return f"{said.strip()}: {rest.strip().splitlines()[-1]}" if traceback and rest.strip() else text


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets or anything that looks like one, at most LONGEST_ERROR characters."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return _SECRETS.sub("***", text)[:LONGEST_ERROR]
