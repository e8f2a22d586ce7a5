"""What a web process does by itself: keeps the board fresh, feeds the sockets, sees to an empty hot store."""

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask

from clicker.stores import postgres, redis
from clicker.web.live import Hub
from clicker.wiring import Services

log = logging.getLogger(__name__)
_WATCH_S = 0.2


class Pulse:
    """Beats once a refresh interval, in a thread of its own, until the process ends."""

    def __init__(self, app: Flask, services: Services, hub: Hub) -> None:
        self.app, self.services, self.hub = app, services, hub
        self._trouble = ""

    def start(self, alive: Callable[[], bool]) -> None:
        """Begins to beat. When `alive()` is no longer true the process is about to end, and sockets are let go."""
        threading.Thread(target=self._run, name="pulse", daemon=True).start()
        threading.Thread(target=self._watch, args=(alive,), name="watch", daemon=True).start()

    def beat(self) -> None:
        """One beat. Raises what the stores raise."""
        if not self.services.taps.ready():
            log.warning("the hot store is empty: rebuilding it from Postgres")
            players = self.services.taps.rebuild()
            log.info("the hot store is rebuilt", extra={"players": players})
        board = self.services.leaderboard.refresh()
        with self.app.app_context():
            self.hub.publish(board)

    def _run(self) -> None:
        while True:
            try:
                self.beat()
                self._note("")
            except (redis.Error, *postgres.Errors) as error:
                self._note(f"a store is away: {type(error).__name__}")
            except Exception:
                log.exception("the pulse stumbled")
            time.sleep(self.services.pace.current().refresh_ms / 1000)

    def _watch(self, alive: Callable[[], bool]) -> None:
        while alive():
            time.sleep(_WATCH_S)
        self.hub.close()

    def _note(self, trouble: str) -> None:
        """Logs a change for the worse or the better once, not every second."""
        if trouble != self._trouble:
            log.warning(trouble or "the stores are back")
        self._trouble = trouble
