"""How boards of shards become one, and how ranks are counted. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s

BOARD_SIZE = 20


@dataclass(frozen=True)
class Entry:
    """One row of the board."""

    rank: int
    username: str
    clicks: int


@dataclass(frozen=True)
class Board:
    """The top 20 and the global number at one moment. Equal versions mean equal contents."""

    version: str
    entries: tuple[Entry, ...]
    global_clicks: int


@dataclass(frozen=True)
class Standing:
    """Where a player stands: own rank and clicks, and the nearest players above and below (each may be missing)."""

    rank: int
    clicks: int
    above: Entry | None
    below: Entry | None


def merge(rows: Iterable[tuple[int, str, int]], global_clicks: int) -> Board:
    """The board from `(player id, username, clicks)` rows of all shards."""
    return versioned([entry for _, entry in placed(rows)], global_clicks)


def placed(rows: Iterable[tuple[int, str, int]]) -> list[tuple[int, Entry]]:
    """The best of these rows as (player id, entry).

    Equal clicks share a rank and the next rank is skipped (1, 1, 3), as a rank counted from scores alone would be.
    """
    ordered = sorted(rows, key=lambda row: (-row[2], row[0]))[:BOARD_SIZE]
    places: list[tuple[int, Entry]] = []
    for place, (player, username, clicks) in enumerate(ordered, start=1):
        tied = places and places[-1][1].clicks == clicks
        places.append((player, Entry(places[-1][1].rank if tied else place, username, clicks)))
    return places


def versioned(entries: list[Entry], global_clicks: int) -> Board:
    """A board of these entries, with the version that belongs to them."""
    return Board(_version(entries, global_clicks), tuple(entries), global_clicks)


def _version(entries: list[Entry], global_clicks: int) -> str:
    content = repr((entries, global_clicks)).encode()
    return blake2s(content, digest_size=8).hexdigest()
