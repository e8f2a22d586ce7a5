"""The bearer token: who plays in which session, signed, so that a tap is checked without I/O."""

from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import BadSignature, Signer

from clicker.errors import NoSession
from clicker.stores.keys import SESSION_KEPT_S

LIFETIME_S = SESSION_KEPT_S
"""A token is good for as long as its session is remembered, in seconds."""
LONGEST = 256
KNOWN = 16_384
"""How many tokens a process remembers as checked; a player's comes every second. What fails is not remembered."""


@dataclass(frozen=True)
class Claims:
    """What a token says. `expires` is Unix time in seconds."""

    player: int
    session: str
    language: str
    expires: int


class Tokens:
    """Signs and checks tokens with a secret key; forms `player.session.language.expires.signature`."""

    def __init__(self, secret_key: str) -> None:
        self._signer = Signer(secret_key, salt="clicker.session", key_derivation="django-concat")
        self._read = lru_cache(KNOWN)(self._read_anew)

    def issue(self, player: int, session: str, language: str, now: float) -> str:
        """A token that is good for LIFETIME_S from `now`."""
        return self._signer.sign(f"{player}.{session}.{language}.{int(now) + LIFETIME_S}").decode()

    def check(self, token: str, now: float) -> Claims:
        """What a token of ours says. Raises NoSession if it is forged, malformed or expired."""
        if len(token) > LONGEST:
            raise NoSession
        claims = self._read(token)
        if claims.expires <= now:
            raise NoSession
        return claims

    def _read_anew(self, token: str) -> Claims:
        try:
            said = self._signer.unsign(token.encode())
            if self._signer.sign(said) != token.encode():  # base64 has several spellings of a signature
                raise NoSession
            player, session, language, expires = said.decode().split(".")
            return Claims(int(player), session, language, int(expires))
        except (BadSignature, ValueError):
            raise NoSession from None
