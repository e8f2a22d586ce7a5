"""The last errors of every process, kept where the operator's page finds them."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from traceback import extract_tb

from clicker import logs
from clicker.admin.rules import Mishap, gist, redacted
from clicker.admin.store import ERRORS_KEPT
from clicker.settings import Settings
from clicker.stores.redis import Error as StoreError

_SECRETS = ("bot_token", "secret_key", "webhook_secret", "admin_password", "sentry_dsn")
_RETRY_S = 2.0


class Keeper(logging.Handler):
    """Takes what is logged as an error. Nobody who logs waits: a thread brings it to the hot store when it is there."""

    def __init__(self, part: str, secrets: list[str], keep: Callable[[list[Mishap]], None]) -> None:
        super().__init__(logging.ERROR)
        self.part, self.secrets, self.keep = part, secrets, keep
        self._waiting: deque[Mishap] = deque(maxlen=ERRORS_KEPT)
        self._news = threading.Event()
        threading.Thread(target=self._bring_on, name="errors", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = redacted(_told(record), self.secrets)
            self._waiting.append(Mishap(record.created, self.part, record.name, text))
            self._news.set()
        except Exception:
            self.handleError(record)

    def _bring_on(self) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            while self._waiting and not self._brought():
                time.sleep(_RETRY_S)

    def _brought(self) -> bool:
        some = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not some:
            return True
        try:
            self.keep(some)
        except StoreError:
            self._waiting.extendleft(reversed(some))
            return False
        return True


def keep(settings: Settings, part: str, store: Callable[[list[Mishap]], None]) -> None:
    """From now on the errors of this process are kept; `part` is its name."""
    secrets = [getattr(settings, name) for name in _SECRETS]
    logging.getLogger().addHandler(Keeper(part, secrets, store))


def _told(record: logging.LogRecord) -> str:
    """The message, what was raised and where, and the request's id; no values of variables."""
    text = gist(record.getMessage())
    if record.exc_info and record.exc_info[1]:
        error, place = record.exc_info[1], ""
        if frames := extract_tb(record.exc_info[2]):
            place = f" ({frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})"
        text += f": {type(error).__name__}: {error}{place}"
    request = logs.request_id.get()
    return f"{text} [{request}]" if request else text
