"""What the operator's cookie says, signed: a login, or a visitor who may become one."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from itsdangerous import BadSignature, Signer

from clicker.admin.rules import LOGIN_S

LONGEST = 256


@dataclass(frozen=True)
class Login:
    """One browser. `entered`: the password was right. `expires` is Unix time in seconds."""

    id: str
    entered: bool
    expires: int


class Logins:
    """Signs and reads cookies of the form `id.entered.expires.signature`, and tokens for the forms of one login.

    The password is part of the key: another password ends every login.
    """

    def __init__(self, secret_key: str, password: str) -> None:
        salt = f"clicker.admin.{sha256(password.encode()).hexdigest()}"
        self._cookies = Signer(secret_key, salt=salt, digest_method=sha256)
        self._forms = Signer(secret_key, salt=f"{salt}.form", digest_method=sha256)

    def new(self, now: float, *, entered: bool) -> Login:
        """A login under an id that nobody has seen."""
        return Login(secrets.token_urlsafe(18), entered, int(now) + LOGIN_S)

    def signed(self, login: Login) -> str:
        return self._cookies.sign(f"{login.id}.{int(login.entered)}.{login.expires}").decode()

    def read(self, cookie: str, now: float) -> Login | None:
        """The login of a cookie of ours; None if it is forged, malformed or expired."""
        if len(cookie) > LONGEST:
            return None
        try:
            found, entered, expires = self._cookies.unsign(cookie.encode()).decode().split(".")
            login = Login(found, entered == "1", int(expires))
        except (BadSignature, ValueError):
            return None
        return login if login.expires > now else None

    def token(self, login: Login) -> str:
        """What every form of this login's pages carries."""
        return self._forms.get_signature(login.id).decode()

    def fits(self, login: Login, token: str) -> bool:
        """True if the token is of this login; takes the same time whatever is wrong with it."""
        return len(token) <= LONGEST and self._forms.verify_signature(login.id.encode(), token.encode())
