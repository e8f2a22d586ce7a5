"""Background work on figures."""

from clicker.jobs.parts import services


def keep_figures() -> bool:
    """Keeps the figures of this minute and thins out old ones. False if this minute has some, or none are known."""
    return services().metrics.keep()
