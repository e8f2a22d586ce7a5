"""Background work on taps."""

from clicker.jobs.parts import services


def flush() -> int:
    """Copies what changed from the hot store into Postgres. Returns how many sessions."""
    return services().taps.flush()


def sum_up_history() -> int:
    """Puts old history together. Returns how many rows are gone."""
    return services().taps.sum_up_history()
