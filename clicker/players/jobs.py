"""Background work on players."""

from clicker.jobs.parts import services


def finish_forgetting() -> int:
    """Repeats deletions that Postgres missed. Returns how many."""
    return services().players.finish_forgetting()
