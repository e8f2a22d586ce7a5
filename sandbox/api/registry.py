"""The methods by name, with the parameters they take."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.errors import bad_request
from sandbox.parameters import Parameters
from sandbox.parts import Parts

Run = Callable[[Parts, Parameters], Any | Awaitable[Any]]


@dataclass(frozen=True)
class Method:
    """One Bot API method. `calm` ones pass while a 429 pauses the bot: they write nothing into a chat."""

    name: str
    takes: frozenset[str]
    run: Run
    calm: bool

    def check(self, parameters: Parameters) -> None:
        """Raises ApiError 400 for a name that the method does not have.

        Telegram drops such parameters in silence; here a typing mistake is to be seen.
        """
        for name in parameters.values:
            if name not in self.takes:
                raise bad_request(f'unknown parameter "{name}" of {self.name}')


METHODS: dict[str, Method] = {}  # by lower-case name: Telegram's method names are case-insensitive


def method(name: str, takes: str = "", *, calm: bool = False) -> Callable[[Run], Run]:
    """Registers a Bot API method that takes the parameters named in `takes`."""

    def register(run: Run) -> Run:
        METHODS[name.lower()] = Method(name, frozenset(takes.split()), run, calm)
        return run

    return register
