"""Recording acts, looking for them, and letting them go."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clicker.audit.rules import (
    ADDRESS_DAYS,
    ROUTINE,
    ROUTINE_DAYS,
    Action,
    Actor,
    Wanted,
    clean_address,
    player_resource,
)
from clicker.audit.store import HotAudit, LedgerAudit
from clicker.clock import Clock, to_ms, utc
from clicker.errors import BadField
from clicker.logs import request_id
from clicker.settings import Settings
from clicker.stores.redis import Error as StoreError

log = logging.getLogger(__name__)
MOVED_AT_ONCE = 1000
REMOVED_AT_ONCE = 5000
SHOWN = 50


@dataclass(frozen=True)
class Page:
    """Entries, the newest first, as dicts: id, at (UTC), role, who, action, resource, request_id, address, details.

    `older` is the key of the next page; empty on the last one.
    """

    entries: list[dict[str, Any]]
    older: str


class AuditService:
    """Use cases of the room."""

    def __init__(self, settings: Settings, hot: HotAudit, ledger: LedgerAudit, clock: Clock) -> None:
        self.settings, self.hot, self.ledger, self.clock = settings, hot, ledger, clock

    def record(self, action: Action, by: Actor, resource: str = "", **details: object) -> None:
        """Records that somebody did something. It is on disk when this returns, and in Postgres seconds later.

        Raises what the hot store raises: then say so to whoever acted, who may do it again.
        """
        self.hot.push(self._entry(action, by, resource, details))

    def note(self, action: Action, by: Actor, resource: str = "") -> None:
        """As `record`, for routine: once a day, actor and address, and play goes on if it can't be recorded."""
        try:
            self.hot.push(self._entry(action, by, resource, {}, once=True))
        except StoreError as error:
            log.warning("%s was not recorded: %s", action, type(error).__name__)

    def move(self) -> int:
        """Moves what waits in the hot store to Postgres, oldest first. Returns how many entries.

        An entry leaves the stream after the commit, and one that is there already is not added again: whoever dies
        in between, or does the same at the same time, changes nothing.
        """
        moved = 0
        while rows := self.hot.waiting(MOVED_AT_ONCE):
            self.ledger.write([entry for _, entry in rows])
            self.hot.drop([id for id, _ in rows])
            moved += len(rows)
            if len(rows) < MOVED_AT_ONCE:
                break
        return moved

    def waiting(self) -> int:
        """How many entries are not in Postgres yet."""
        return self.hot.count()

    def search(self, wanted: Wanted, older_than: str = "", most: int = SHOWN) -> Page:
        """A page of entries. `older_than` is the last page's `older`.

        Raises BadField if it is not, what Postgres raises if the answer takes too long.
        """
        conditions: dict[str, object] = {
            f"{name} = %s": value
            for name in ("role", "who", "action", "resource")
            if (value := getattr(wanted, name))
        }
        if wanted.since is not None:
            conditions["at >= %s"] = utc(to_ms(wanted.since))
        if wanted.until is not None:
            conditions["at < %s"] = utc(to_ms(wanted.until))
        if older_than:
            conditions["(at, id) < %s"] = _place(older_than)
        found = self.ledger.search(conditions, most + 1)
        last = found[most - 1] if len(found) > most else None
        return Page(found[:most], f"{last['at'].isoformat()}~{last['id']}" if last else "")

    def retain(self) -> tuple[int, int]:
        """Removes entries that are too old and shortens addresses, a piece each. Returns how many of both."""
        removed = self.ledger.remove(self._ago(self.settings.audit_days), REMOVED_AT_ONCE)
        for action in ROUTINE:
            removed += self.ledger.remove(self._ago(ROUTINE_DAYS), REMOVED_AT_ONCE, action)
        return removed, self.ledger.shorten(self._ago(ADDRESS_DAYS), REMOVED_AT_ONCE)

    def held(self, player: int) -> dict[str, Any]:
        """Entries by or about the player, for the export. What operators did is told without their names."""
        self.move()
        return {
            "audit": [
                {
                    "at": row["at"].isoformat(),
                    "action": row["action"],
                    "by": row["role"],
                    "address": row["address"] if row["role"] == "player" else None,
                    "details": row["details"],
                }
                for row in self.ledger.of_player(player)
            ]
        }

    def before_forgetting(self) -> None:
        """Moves what waits, so that `forget` finds all of it in Postgres."""
        self.move()

    def forget(self, player: int, deletion: str, by: Actor) -> None:
        """Takes the player out of all entries, in the present transaction, and adds that they were deleted.

        `deletion` tells a repeated deletion from another one.
        """
        instead = self.ledger.forget(player)
        if by == Actor.player(player, by.address):
            by = Actor(by.role, instead)
        entry = self._entry(Action.PLAYER_DELETED, by, player_resource(instead), {})
        self.ledger.add({**entry, "once": f"{Action.PLAYER_DELETED} {deletion}"})

    def _entry(
        self, action: Action, by: Actor, resource: str, details: dict[str, object], once: bool = False
    ) -> dict[str, Any]:
        now, address = self.clock(), clean_address(by.address)
        return {
            "id": secrets.token_hex(8),
            "at": to_ms(now),
            "role": by.role,
            "who": by.who,
            "action": action,
            "resource": resource,
            "request_id": request_id.get(),
            "address": address,
            "details": details,
            "once": f"{action} {by.who} {address} {int(now // 86400)}" if once else "",
        }

    def _ago(self, days: int) -> datetime:
        return utc(to_ms(self.clock())) - timedelta(days=days)


def _place(key: str) -> tuple[datetime, str]:
    at, _, id = key.partition("~")
    try:
        return datetime.fromisoformat(at), id
    except ValueError:
        raise BadField("older", "must be the key of a page") from None
