"""Background work on taps."""

from clicker.jobs.parts import services


def flush() -> int:
    """Copies what changed from the hot store into Postgres. Returns how many sessions."""
    return services().taps.flush()
