"""Background work on anomalies."""

from clicker.jobs.parts import services


def judge_windows() -> int:
    """Judges full windows and caps who is flagged. Returns how many windows."""
    return services().anomalies.judge()
