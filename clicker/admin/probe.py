"""How long Postgres takes to answer, as one process feels it."""

import threading
import time
from collections.abc import Callable

from clicker.admin.tiles import AWAY, EVERY_S
from clicker.stores.postgres import Errors


class Probe:
    """Asks `ask` again and again in a thread of its own: a Postgres that is frozen must hold nothing else."""

    def __init__(self, ask: Callable[[], object], timer: Callable[[], float] = time.monotonic) -> None:
        self.ask, self.timer = ask, timer
        self._took = 0.0
        self._asked: float | None = None

    def begin(self) -> None:
        threading.Thread(target=self._go_on, name="probe", daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long the last answer took, or how long the next one is awaited already; AWAY if there was an error."""
        asked = self._asked
        waited = self.timer() - asked if asked is not None else 0.0
        return waited if waited > max(self._took, EVERY_S) else self._took

    def look(self) -> None:
        """Asks once."""
        self._asked = begun = self.timer()
        try:
            self.ask()
            self._took = self.timer() - begun
        except Errors:
            self._took = AWAY
        finally:
            self._asked = None

    def _go_on(self) -> None:
        while True:
            self.look()
            time.sleep(EVERY_S)
