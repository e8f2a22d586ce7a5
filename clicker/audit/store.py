"""The audit log: a stream in the hot store, where acts wait, and the table in Postgres, where they stay."""

import json
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import DataError
from redis import Redis

from clicker.audit.rules import Action, Role
from clicker.stores.keys import Keys
from clicker.stores.postgres import connection, database

log = logging.getLogger(__name__)
COLUMNS = ("id", "at", "role", "who", "action", "resource", "request_id", "address", "details")
_WRITE = """
INSERT INTO audit (id, at, role, who, action, resource, request_id, address, details, once)
SELECT id, to_timestamp(at / 1000.0), role, who, action, resource, request_id, NULLIF(address, '')::inet, details,
    NULLIF(once, '')
FROM jsonb_to_recordset(%s::jsonb) AS e (id text, at bigint, role text, who text, action text, resource text,
    request_id text, address text, details jsonb, once text)
ON CONFLICT DO NOTHING
"""
_REMOVE = """
DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < %s AND (%s::text IS NULL OR action = %s) LIMIT %s)
"""
_SHORTEN = """
UPDATE audit SET once = NULL, address = network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END))
WHERE id IN (SELECT id FROM audit WHERE masklen(address) IN (32, 128) AND at < %s LIMIT %s)
"""
_FORGET = """
UPDATE audit SET details = '{}', once = NULL,
    who = CASE WHEN role = %(player)s AND who = %(id)s THEN %(instead)s ELSE who END,
    address = CASE WHEN role = %(player)s AND who = %(id)s THEN NULL ELSE address END,
    resource = CASE WHEN resource = 'player:' || %(id)s THEN 'player:' || %(instead)s ELSE resource END
WHERE (role = %(player)s AND who = %(id)s) OR resource = 'player:' || %(id)s
"""


class HotAudit:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def push(self, entry: dict[str, Any]) -> None:
        """On disk when this returns. What Postgres can't hold (NUL) is left out."""
        raw = json.dumps(entry, ensure_ascii=True).replace("\\u0000", "")
        self.redis.xadd(Keys.AUDIT, {"entry": raw})

    def waiting(self, most: int) -> list[tuple[str, str]]:
        """The oldest entries as (id in the stream, JSON)."""
        found: Any = self.redis.xrange(Keys.AUDIT, count=most)
        return [(id, fields["entry"]) for id, fields in found]

    def drop(self, ids: list[str]) -> None:
        self.redis.xdel(Keys.AUDIT, *ids)

    def count(self) -> int:
        """How many entries wait."""
        return int(self.redis.xlen(Keys.AUDIT))


class LedgerAudit:
    def write(self, entries: list[str]) -> None:
        """Adds entries given as JSON, those that are there already left out. One that Postgres refuses is logged."""
        with connection():
            try:
                self._write(entries)
            except DataError:
                for entry in entries:
                    try:
                        self._write([entry])
                    except DataError as error:
                        log.error("an audit entry can't be kept: %s", entry, extra={"error": str(error)})

    def add(self, entry: dict[str, Any]) -> None:
        """Adds an entry in the present transaction."""
        self._write([json.dumps(entry)])

    def search(self, conditions: dict[str, object], most: int) -> list[dict[str, Any]]:
        """Entries that meet all conditions (SQL with one parameter each), the newest first."""
        where = " AND ".join(conditions) or "true"
        query = (
            f"SELECT {', '.join(COLUMNS)} FROM audit WHERE {where} ORDER BY at DESC, id DESC LIMIT {most:d}"  # noqa: S608 - the conditions are the service's own
        )
        with connection() as found:
            rows = found.execute_sql(query, list(conditions.values())).fetchall()
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def of_player(self, player: int) -> list[dict[str, Any]]:
        """All entries by or about a player, oldest first."""
        where = "(role = %s AND who = %s) OR resource = %s"
        query = f"SELECT {', '.join(COLUMNS)} FROM audit WHERE {where} ORDER BY at, id"  # noqa: S608 - no value in it
        with connection():
            rows = database.execute_sql(query, (Role.PLAYER, str(player), f"player:{player}")).fetchall()
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def forget(self, player: int) -> str:
        """Takes a player out of all entries, in the present transaction. Returns what stands for them from now on."""
        instead = "deleted-" + secrets.token_hex(6)
        database.execute_sql("SET LOCAL clicker.audit = 'privacy'")
        database.execute_sql(_FORGET, {"id": str(player), "player": Role.PLAYER, "instead": instead})
        database.execute_sql("SET LOCAL clicker.audit = ''")
        return instead

    def remove(self, before: datetime, most: int, action: Action | None = None) -> int:
        """Removes up to `most` entries of before then, all or of one action. Returns how many."""
        return self._change("retention", _REMOVE, (before, action, action, most))

    def shorten(self, before: datetime, most: int) -> int:
        """Shortens the addresses of up to `most` entries of before then. Returns how many."""
        return self._change("privacy", _SHORTEN, (before, most))

    def _change(self, reason: str, query: str, parameters: Iterable[object]) -> int:
        with connection(), database.atomic():
            database.execute_sql("SELECT set_config('clicker.audit', %s, true)", (reason,))
            return int(database.execute_sql(query, tuple(parameters)).rowcount)

    def _write(self, entries: list[str]) -> None:
        with database.atomic():
            database.execute_sql(_WRITE, (f"[{','.join(entries)}]",))
