"""Time as a part that is passed in, so that a test can move it and nothing has to sleep."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
"""Returns the present as Unix time in seconds."""

system: Clock = time.time


def to_ms(seconds: float) -> int:
    """Unix time in seconds to whole milliseconds, the unit of every time in the hot store."""
    return int(seconds * 1000)


def utc(ms: int) -> datetime:
    """Milliseconds of Unix time as Postgres keeps a time here: UTC, without saying so."""
    return datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None)
