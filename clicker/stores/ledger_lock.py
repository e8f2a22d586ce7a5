"""Named locks in Postgres, held until the end of the transaction."""

from clicker.stores.postgres import database

FLUSH = 1
"""Held by whoever copies counts into Postgres or removes a player from it, so that neither undoes the other."""
ANOMALIES = 2
"""Held by whoever decides who is flagged, so that what an operator decides is not undone."""


def wait(name: int) -> None:
    """Waits for the lock (at most the statement timeout)."""
    database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (name,))


def wait_for_part(name: int, part: int) -> None:
    """Waits for one part of the lock: parts do not stand in each other's way, only in the way of the whole."""
    database.execute_sql(
        "SELECT pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(%s, %s)", (name, name, part)
    )
