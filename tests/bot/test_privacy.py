"""Deletion is complete: both stores are searched whole, for the id, the names and the address of somebody who played.

What was found before was found only where docs/privacy.md says that it is kept.
"""

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from clicker.anomalies.rules import BATCHES, Window
from clicker.audit.rules import Actor
from clicker.clock import to_ms, utc
from clicker.leaderboard.rules import Entry
from clicker.players.store import Conversations
from clicker.stores.postgres import connection
from clicker.stores.redis import connect_rq
from clicker.web.app import create_app
from clicker.wiring import Services
from tests.bot.chat import Chat
from tests.bot.town import Town
from tests.conftest import Stores
from tests.player import Device
from tests.waiting import eventually

DOCUMENT = (Path(__file__).parents[2] / "docs/privacy.md").read_text()
PASSING_S = 120
"""What limits calls and messages bears an id for so long at the most (docs/privacy.md)."""
PASSING = re.compile(rb"limits:|\{outbox\}:bucket:|fsm:.*:lock$")
_ids = count(6_815_270_394_117)
"""Ids that are not part of another number by accident."""


def address_of(chat: Chat) -> str:
    return f"2001:db8:{chat.user % 65_521:x}::77"


Search = Callable[..., dict[str, list[str]]]


def ledger() -> Iterator[tuple[str, str]]:
    """Every row of every table: the table's name, and the row as text."""
    with connection() as database:
        for table in database.get_tables():
            for (row,) in database.execute_sql(f'SELECT "{table}"::text FROM "{table}"').fetchall():
                yield table, str(row)


def hot(redis: Redis) -> Iterator[tuple[str, str]]:
    """Every key with what it holds; but those that are gone by themselves in moments."""
    readers: dict[bytes, Any] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"stream": redis.xrange,
        b"none": lambda key: "",  # it went since the search came by
    }
    for key in redis.scan_iter(count=1000):
        if PASSING.match(key):
            assert redis.pttl(key) <= PASSING_S * 1000, key
        else:
            yield key.decode(), f"{key!r} {readers[redis.type(key)](key)}"


@pytest.fixture
def search(stores: Stores) -> Search:
    """Where these words are in both stores: what says so, by the name of its table or key."""
    raw = connect_rq(stores.redis_url)

    def found(*words: object) -> dict[str, list[str]]:
        places: dict[str, list[str]] = {}
        for place, said in (*ledger(), *hot(raw)):
            if any(str(word) in said for word in words):
                places.setdefault(place, []).append(said)
        return places

    return found


def named_places() -> list[re.Pattern[str]]:
    """The tables and keys that the document's table names, as patterns."""
    rows = re.findall(r"^\|[^|]+\|([^|]+)\|", DOCUMENT, re.MULTILINE)[2:]
    names = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    return [
        re.compile(re.sub(r"<[^>]+>", "[^:]+", re.escape(name).replace(r"\{k\}", r"\{\d+\}")))
        for name in names
    ]


@pytest.fixture
def known(town: Town, game: Services) -> Chat:
    """Somebody who played in every way, of whom every room keeps something."""
    id = next(_ids)
    chat = town.chat(id).introduce(first_name=f"Zaphod{id}", username=f"zaphod_{id}")
    chat.say(f"/start ref_{id}")
    chat.say(f"trillian_{id}")
    device = Device(create_app(game).test_client(), game.clock, id)
    device.client.environ_base["REMOTE_ADDR"] = address_of(chat)
    for _ in range(2):
        answer = device.post("/session", {"init_data": chat.init_data()})
        device.token = answer.json["token"]
    session = answer.json["sessionId"]
    device.named(f"beeble_{id}").tap(5)
    assert device.post("/language", {"language": "ru"}).status_code == 200
    assert device.post("/session/heartbeat").status_code == 204
    assert device.post("/live/ticket").status_code == 201
    assert device.resume().status_code == 201
    game.taps.flush()
    device.tap(3)
    now = utc(to_ms(game.clock()))  # not the minute, which others have had
    game.leaderboard.ledger.keep(now, [(id, Entry(1, f"beeble_{id}", 8))], 8)
    k, keys = game.taps.hot.keys.shard(id), game.taps.hot.keys
    window = Window(BATCHES, BATCHES, 0, 90, 900, 9.0, 0, 900)
    game.redis.hset(keys.beats(k), str(id), f"{window.batches} {window.rapid} 0 90 900 9.0 0 900")
    game.redis.hset(keys.traces(k), session, f"1 {id}")
    game.anomalies.flag(id, Actor.operator("cli:test", "203.0.113.9"))
    chat.say("/top")
    chat.say("/start")
    assert device.get("/me/export").status_code == 200
    assert device.get("/me").status_code == 200
    game.redis.zrem(keys.sessions(k, id), session)  # as after a month without an opening
    return chat


def words_of(chat: Chat) -> tuple[object, ...]:
    return chat.user, f"trillian_{chat.user}", f"beeble_{chat.user}", address_of(chat)


@pytest.mark.parametrize("way", ["web", "bot", "operator"])
def test_nothing_of_a_deleted_player_is_left_anywhere(
    known: Chat, game: Services, search: Search, way: str
) -> None:
    before = search(*words_of(known))
    patterns = named_places()
    assert [place for place in before if not any(p.fullmatch(place) for p in patterns)] == []
    assert {"player", "session", "history", "board_place", "anomaly", "audit"} <= set(before)
    total = game.taps.hot.total()
    if way == "bot":
        known.say("/delete")
        known.press("Да, удалить всё")
        known.reads("Все твои данные удалены")
    elif way == "web":
        game.outbox.lose(known.user)
        device = Device(create_app(game).test_client(), game.clock, known.user)
        device.client.environ_base["REMOTE_ADDR"] = address_of(known)
        device.token = device.post("/session", {"init_data": known.init_data()}).json["token"]
        eventually(lambda: device.call("DELETE", "/me").status_code == 204, 20, "no limit")
    else:
        game.players.forget(known.user, Actor.operator("cli:test"))
    eventually(lambda: not search(*words_of(known)), 20, "everything is gone")
    game.audit.move()
    game.taps.flush()
    game.anomalies.judge()
    assert search(*words_of(known)) == {}
    assert game.taps.hot.total() == total
    deleted = [row for table, row in ledger() if "player.deleted" in row]
    assert deleted
    assert "deleted-" in deleted[-1]


def test_a_block_is_all_that_a_deletion_leaves(known: Chat, game: Services, search: Search) -> None:
    game.players.block(known.user, Actor.operator("cli:test"))
    game.players.forget(known.user)
    k = game.taps.hot.keys.shard(known.user)
    eventually(lambda: len(search(*words_of(known))) <= 2, 20, "only the block is left")
    game.audit.move()
    assert set(search(*words_of(known))) == {"block", game.taps.hot.keys.blocked(k)}
    game.players.unblock(known.user, Actor.operator("cli:test"))
    game.players.forget(known.user)


def test_the_export_holds_something_of_every_room(known: Chat, game: Services) -> None:
    exported = game.players.export(known.user)
    assert exported.keys() == {
        "player",
        "sessions",
        "history",
        "boardPlaces",
        "audit",
        "anomaly",
        "liveMessage",
        "takesMessages",
        "conversation",
    }
    assert all(exported[name] for name in exported), exported
    assert "203.0.113.9" not in str(exported), "an operator's address is the operator's"
    assert address_of(known) in str(exported)
    for name in exported:
        assert f"`{name}" in DOCUMENT, f"{name} of the export is not in docs/privacy.md"


def test_the_conversation_is_where_the_bot_keeps_it(known: Chat, game: Services) -> None:
    talks = Conversations(game.redis, game.settings.bot_token)
    assert talks.held(known.user)["conversation"]
    talks.forget(known.user)
    assert not list(game.redis.scan_iter(f"fsm:*:{known.user}:*a*e"))
    assert known.say("/start")["text"], "and begins anew"


def test_every_table_is_named_or_holds_nobody(game: Services) -> None:
    nobody = {"counter", "schema_migration", "board", "figures"}
    with connection() as database:
        tables = set(database.get_tables())
    assert {table for table in tables - nobody if f"`{table}`" not in DOCUMENT} == set()
