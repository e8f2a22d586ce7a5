"""Past figures in Postgres: one row a minute, one an hour of what is older than a week."""

import json
from collections.abc import Mapping
from datetime import datetime

from clicker.metrics.rules import Series, packed, unpacked
from clicker.stores.minutes import thin_out
from clicker.stores.postgres import connection, database

_KEEP = "INSERT INTO figures (at, series) VALUES (%s, %s::jsonb) ON CONFLICT DO NOTHING"
_PAST = """
SELECT at, jsonb_object_agg(name, value) FROM figures, jsonb_each(series) AS one (name, value)
WHERE at >= %s AND (name = %s OR starts_with(name, %s)) GROUP BY at ORDER BY at
"""


class LedgerFigures:
    def keep(self, at: datetime, values: Mapping[Series, float]) -> bool:
        """Keeps a minute's figures. False if that minute has some."""
        told = json.dumps({packed(series): round(value, 3) for series, value in values.items()})
        with connection():
            return bool(database.execute_sql(_KEEP, (at, told)).rowcount)

    def past(self, name: str, since: datetime) -> list[tuple[datetime, dict[Series, float]]]:
        """All series of one metric from then on, the oldest first."""
        with connection():
            rows = database.execute_sql(_PAST, (since, name, f"{name}|")).fetchall()
        return [(at, {unpacked(series): value for series, value in found.items()}) for at, found in rows]

    def thin_out(self, now: datetime) -> int:
        """Takes away what is too old. Returns how many rows."""
        return thin_out("figures", now)
