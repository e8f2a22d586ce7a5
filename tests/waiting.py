"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
_LOOK_EVERY_S = 0.02


def eventually(look: Callable[[], Found], seconds: float = 10, what: str = "") -> Found:
    """Looks again and again until `look()` is true, and returns that. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or look}"
        time.sleep(_LOOK_EVERY_S)
