"""Background work on the leaderboard."""

from clicker.jobs.parts import services


def keep_board() -> bool:
    """Keeps the board of this minute and thins out old ones. False if this minute has one."""
    return services().leaderboard.keep()
