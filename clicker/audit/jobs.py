"""Background work on the audit log."""

from clicker.jobs.parts import services


def move_audit() -> int:
    """Moves entries from the hot store to Postgres. Returns how many."""
    return services().audit.move()


def retain_audit() -> tuple[int, int]:
    """Removes old entries and shortens old addresses. Returns how many of both."""
    return services().audit.retain()
