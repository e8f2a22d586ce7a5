"""The pace in force."""

from clicker.pace.rules import CALM, LEVELS, Pace


class PaceService:
    """Tells the pace without I/O, so that a tap may ask."""

    def __init__(self) -> None:
        self._pace = CALM

    def current(self) -> Pace:
        return self._pace

    def use(self, level: str) -> None:
        """Follow this level from now on. Raises KeyError for an unknown one."""
        self._pace = LEVELS[level]
