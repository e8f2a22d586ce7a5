"""Background work on sessions."""

from clicker.jobs.parts import services


def reap() -> tuple[int, int]:
    """Pauses idle sessions and closes old ones. Returns how many of each."""
    return services().sessions.reap()


def retain_sessions() -> int:
    """Removes sessions that ended long ago. Returns how many."""
    return services().sessions.retain()
