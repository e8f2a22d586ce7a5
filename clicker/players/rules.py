"""What a username may be, and how to think of one. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from clicker.errors import BadUsername
from clicker.i18n import lazy

SHORTEST = 3
LONGEST = 32
CHOSEN = "-x-chosen"
"""Marks a language that the player chose here (a private-use subtag, RFC 5646): Telegram's word does not replace it."""
_ALLOWED = re.compile(r"[A-Za-z0-9_]+")
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")
_RESERVED = frozenset(
    {"admin", "administrator", "clicker", "moderator", "root", "support", "system", "telegram"}
)
ADJECTIVES = ("brave", "bright", "calm", "clever", "cosmic", "daring", "gentle", "golden", "happy", "lucky")
ANIMALS = ("badger", "falcon", "fox", "heron", "lynx", "otter", "panda", "raven", "tiger", "walrus")
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_SOUNDS = "a,b,v,g,d,e,yo,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,sch,,y,,e,yu,ya".split(",")  # noqa: SIM905
_LATIN = str.maketrans(dict(zip(_CYRILLIC, _SOUNDS, strict=True)))


@dataclass(frozen=True)
class Player:
    """A Telegram user known to the game. `username` is empty until one is chosen; `clicks` counts all their taps.

    `chose_language`: they chose it here, and what Telegram says does not matter.
    """

    id: int
    username: str
    first_name: str
    language: str
    clicks: int
    chose_language: bool = False
    blocked: bool = False


def check_username(raw: str) -> str:
    """The username as it will be shown: surrounding space and one leading @ are dropped.

    Raises BadUsername with the rule broken: too_short, too_long, characters, start, reserved.
    """
    name = raw.strip().removeprefix("@")
    if len(name) < SHORTEST:
        raise BadUsername("too_short", lazy("Too short: use at least %(n)s characters.", n=SHORTEST))
    if len(name) > LONGEST:
        raise BadUsername("too_long", lazy("Too long: use at most %(n)s characters.", n=LONGEST))
    if not _ALLOWED.fullmatch(name):
        raise BadUsername("characters", lazy("Use only Latin letters, digits and _."))
    if not name[0].isalpha():
        raise BadUsername("start", lazy("Begin with a letter."))
    if username_key(name) in _RESERVED:
        raise BadUsername("reserved", lazy("That username is reserved. Try another one."))
    return name


def clean_name(first_name: str) -> str:
    """A first name that every store can hold and no line is turned around by: no control characters, no marks of
    direction, no half characters, at most 64 long."""
    return _CONTROLS.sub("", first_name).encode(errors="ignore").decode()[:64]


def username_key(name: str) -> str:
    """Two usernames with one key are the same username."""
    return name.lower()


def generated_username(random: Random) -> str:
    """A friendly name that always obeys the rules, such as `lucky_otter_482`."""
    return f"{random.choice(ADJECTIVES)}_{random.choice(ANIMALS)}_{random.randint(100, 9999)}"


def username_ideas(first_name: str, telegram_username: str, random: Random) -> Iterator[str]:
    """Endless candidates, the most natural first; all obey the rules, none is checked for being free."""
    for raw in (telegram_username, _latin(first_name)):
        if len(raw) >= SHORTEST and _is_allowed(raw):
            yield raw
    base = _latin(first_name)[: LONGEST - 5]
    if len(base) >= 1 and _is_allowed(base + "_00"):
        yield f"{base}_{random.randint(10, 99)}"
        yield f"{base}_{random.randint(100, 9999)}"
    while True:
        yield generated_username(random)


def _latin(text: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", text.lower().translate(_LATIN)).strip("_")


def _is_allowed(name: str) -> bool:
    try:
        return check_username(name) == name
    except BadUsername:
        return False
