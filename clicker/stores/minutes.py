"""Tables with one row a minute, in `at`: thinned to one an hour after a week, and in the end removed."""

from datetime import datetime, timedelta

from clicker.stores.postgres import connection, database

FINE = timedelta(days=7)
KEPT = timedelta(days=365)
AT_ONCE = 5000
"""Rows that one call removes of each kind: half a week's."""

# The first of an hour stays, whichever minute it is of. The table's name is the caller's own.
_THIN = """
DELETE FROM {table} WHERE at IN (
    SELECT at FROM {table} AS fine WHERE at < %s AND EXISTS (
        SELECT FROM {table} AS first WHERE first.at >= date_trunc('hour', fine.at) AND first.at < fine.at)
    ORDER BY at LIMIT %s)
"""
_REMOVE = "DELETE FROM {table} WHERE at IN (SELECT at FROM {table} WHERE at < %s ORDER BY at LIMIT %s)"


def minute(now: datetime) -> datetime:
    """The minute that this is in."""
    return now.replace(second=0, microsecond=0)


def thin_out(table: str, now: datetime) -> int:
    """Leaves one row an hour of what is older than FINE, and none of what is older than KEPT. Returns how many went."""
    with connection(), database.atomic():
        thinned = database.execute_sql(_THIN.format(table=table), (now - FINE, AT_ONCE)).rowcount
        removed = database.execute_sql(_REMOVE.format(table=table), (now - KEPT, AT_ONCE)).rowcount
    return int(thinned + removed)
