"""Background work on taps."""

from time import monotonic

from clicker.jobs.parts import services


def flush() -> int:
    """Copies what changed from the hot store into Postgres. Returns how many sessions."""
    begun, metrics = monotonic(), services().metrics
    try:
        flushed = services().taps.flush()
    except Exception:
        metrics.add("clicker_flush_failures_total")
        raise
    metrics.time("clicker_flush_duration_seconds", seconds=monotonic() - begun)
    metrics.add("clicker_sessions_flushed_total", by=flushed)
    return flushed


def sum_up_history() -> int:
    """Puts old history together. Returns how many rows are gone."""
    return services().taps.sum_up_history()
