"""Who acts, what is recorded of it, and for how long. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address


class Role(StrEnum):
    PLAYER = "player"
    OPERATOR = "operator"
    SYSTEM = "system"


class Action(StrEnum):
    """What is recorded. A name is for ever: entries outlive the code."""

    SESSION_OPENED = "session.opened"
    USERNAME_SET = "username.set"
    USERNAME_CHANGED = "username.changed"
    DATA_EXPORTED = "data.exported"
    PLAYER_DELETED = "player.deleted"
    PLAYER_BLOCKED = "player.blocked"
    PLAYER_UNBLOCKED = "player.unblocked"
    PLAYER_FLAGGED = "player.flagged"
    PLAYER_UNFLAGGED = "player.unflagged"
    PACE_HELD = "pace.held"
    PACE_RELEASED = "pace.released"
    TAPS_FLUSHED = "taps.flushed"
    BOARD_REBUILT = "board.rebuilt"
    LOGIN_OK = "login.ok"
    LOGIN_FAILED = "login.failed"
    LOGIN_ENDED = "login.ended"
    QUEUE_CHANGED = "queue.changed"


ROUTINE = (Action.SESSION_OPENED,)
"""Recorded once a day, player and address; and kept for ROUTINE_DAYS only, or they would outnumber all others."""
ROUTINE_DAYS = 30
ADDRESS_DAYS = 30
"""After these an address is shortened to its network: /24, or /48 of IPv6."""


@dataclass(frozen=True)
class Actor:
    """Who acts: a player by id, an operator by the name of their way in, or the system itself."""

    role: Role
    who: str
    address: str = ""

    @classmethod
    def player(cls, player: int, address: str | None = "") -> "Actor":
        return cls(Role.PLAYER, str(player), address or "")

    @classmethod
    def operator(cls, who: str, address: str | None = "") -> "Actor":
        return cls(Role.OPERATOR, who, address or "")


SYSTEM = Actor(Role.SYSTEM, "")


@dataclass(frozen=True)
class Wanted:
    """Which entries are looked for; what is empty does not matter. `since`, `until`: Unix time in seconds."""

    role: str = ""
    who: str = ""
    action: str = ""
    resource: str = ""
    since: float | None = None
    until: float | None = None


def player_resource(player: int | str) -> str:
    """A player as a resource."""
    return f"player:{player}"


def clean_address(raw: str) -> str:
    """An IP address in its usual form, one of IPv4 inside IPv6 as what it is; empty if it is none."""
    try:
        address = ip_address(raw)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
