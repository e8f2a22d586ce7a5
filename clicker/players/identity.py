"""Who opened the Mini App: Telegram's initData, checked by its hash.

Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App".
"""

import re
from dataclasses import dataclass

from init_data_py import InitData, validate_by_hash
from init_data_py.errors import InitDataError

from clicker.errors import BadInitData, StaleInitData
from clicker.players.rules import clean_name

FRESH_S = 24 * 3600
"""How old initData may be, in seconds (contract)."""
_AHEAD_S = 300
"""How far ahead of our clock Telegram's may be, in seconds."""
_HIGHEST_ID = 2**52 - 1
"""Telegram's ids have at most 52 significant bits (core.telegram.org/bots/api#user)."""
_HASH = re.compile(r"(?:^|&)hash=[0-9a-f]{64}(?:&|$)")
"""As Telegram writes it; the library would take capitals as well."""
LONGEST = 8192
"""No real initData comes near this many characters."""


@dataclass(frozen=True)
class Identity:
    """What Telegram says of a user. `start_param` is the payload of a direct link."""

    id: int
    first_name: str
    telegram_username: str
    language: str
    start_param: str


def check(init_data: str, bot_token: str, now: float) -> Identity:
    """The identity that this initData proves. `now` is Unix time in seconds.

    Raises BadInitData if it is not Telegram's, StaleInitData if it is more than FRESH_S old.
    """
    data = _authentic(init_data, bot_token)
    age = now - data.issued_at.timestamp()
    if age > FRESH_S:
        raise StaleInitData
    if age < -_AHEAD_S or data.user is None or data.user.is_bot or not 0 < data.user.id <= _HIGHEST_ID:
        raise BadInitData
    user = data.user
    return Identity(
        id=user.id,
        first_name=clean_name(user.first_name or ""),
        telegram_username=user.username or "",
        language=user.language_code or "",
        start_param=data.start_param or "",
    )


def _authentic(init_data: str, bot_token: str) -> InitData:
    if len(init_data) > LONGEST or not _HASH.search(init_data):
        raise BadInitData
    try:
        return validate_by_hash(init_data, bot_token, expires_in=None)
    except (InitDataError, ValueError, TypeError, OverflowError, RecursionError):
        # The last four: a hash that is not ASCII, a date past the calendar, JSON nested thousands deep.
        raise BadInitData from None
