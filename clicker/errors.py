"""What can go wrong in a way that a player or a caller is told about.

A room raises one of these; each edge (web, bot) turns it into an answer in one place.
"""

from clicker.i18n import Text, lazy


class ClickerError(Exception):
    """Base of every expected failure.

    `code` is stable and for programs, `status` is the HTTP status, `text` is for the player (translated when
    shown), `extra` is added to the JSON error, `retry_after` is in seconds.
    """

    code = "error"
    status = 400
    text: Text = lazy("Something went wrong. Please try again.")

    def __init__(self, text: Text | None = None, *, retry_after: int | None = None, **extra: object) -> None:
        self.text = text if text is not None else type(self).text
        self.retry_after = retry_after
        self.extra = extra
        super().__init__(self.code)

    @property
    def message(self) -> str:
        """The player's text in the current language."""
        return str(self.text)


class BadField(ClickerError):
    """A field is missing, of the wrong type, repeated or out of range. `field` names it."""

    code = "bad_field"
    status = 422

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(lazy("We did not understand “%(field)s”.", field=field), field=field, reason=reason)


class BadInitData(ClickerError):
    code = "bad_init_data"
    status = 401
    text = lazy("We could not check who you are. Open the game again from the chat.")


class StaleInitData(ClickerError):
    code = "stale_init_data"
    status = 401
    text = lazy("This link is a day old. Open the game again from the chat.")


class NoSession(ClickerError):
    code = "no_session"
    status = 401
    text = lazy("Your session has ended. Open the game again.")


class SessionPaused(ClickerError):
    code = "session_paused"
    status = 409
    text = lazy("Paused. Tap to go on.")


class Blocked(ClickerError):
    """An operator has blocked this player."""

    code = "blocked"
    status = 403
    text = lazy(
        "This account is blocked, so taps don't count for now. Your clicks are kept."
        " If you think it is a mistake, tell the people who run this bot."
    )


class UsernameRequired(ClickerError):
    code = "username_required"
    status = 409
    text = lazy("Choose a username first.")


class UsernameTaken(ClickerError):
    code = "username_taken"
    status = 409
    text = lazy("Someone else has that username. Try another one.")


class BadUsername(ClickerError):
    """`rule` names the rule broken: too_short, too_long, characters, start, reserved."""

    code = "bad_username"
    status = 422

    def __init__(self, rule: str, text: Text) -> None:
        super().__init__(text, rule=rule)


class NoPlayer(ClickerError):
    code = "no_player"
    status = 404
    text = lazy("We don't know that player.")


class NotFound(ClickerError):
    code = "not_found"
    status = 404
    text = lazy("There is nothing here.")


class UnknownHost(ClickerError):
    """The request names a host that is not ours: somebody's page or cache pretends to be us."""

    code = "bad_request"
    status = 400
    text = lazy("There is nothing here.")


class MethodNotAllowed(ClickerError):
    code = "method_not_allowed"
    status = 405
    text = lazy("That can't be done here.")


class TooLarge(ClickerError):
    code = "too_large"
    status = 413
    text = lazy("That request is too large.")


class UnsupportedType(ClickerError):
    code = "unsupported_type"
    status = 415
    text = lazy("Send a form or JSON.")


class TooManyRequests(ClickerError):
    """The caller is over a limit of `limit` calls; places come free from `reset` on (Unix time in seconds)."""

    code = "too_many_requests"
    status = 429
    text = lazy("That was a little fast. It goes on by itself in a moment.")

    def __init__(self, *, limit: int, reset: int, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.limit, self.reset = limit, reset


class Overloaded(ClickerError):
    """The store is away or the service sheds load: nothing was done, and the caller may try again."""

    code = "overloaded"
    status = 503
    text = lazy("Busy right now. Your taps are safe on this device and will be saved soon.")

    def __init__(self, text: Text | None = None, *, retry_after: int = 2, **extra: object) -> None:
        super().__init__(text, retry_after=retry_after, **extra)
