"""What the operator sees and does."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from peewee import OperationalError
from rq import Queue
from rq.job import Job

from clicker.admin.probe import Probe
from clicker.admin.rules import Mishap, Mishaps, gist, grouped
from clicker.admin.store import AdminStore
from clicker.admin.tiles import AWAY, KEPT, Moment, area, past, sparkline, taps_per_second, tiles
from clicker.jobs.queue import QUEUE
from clicker.stores import redis
from tests.player import Device
from tests.telegram import ALICE, BOB, init_data

EVIL = [
    "<script>alert(1)</script>",
    "\u202egnihtemos",
    "😈" * 8,
    "'; DROP TABLE player; --",
    '"><img src=x onerror=a>',
]


def test_the_page_shows_pace_tiles_and_actions(operator, services, alice):
    alice.tap(5)
    services.admin.note()
    text = operator.get("/").text
    for words in (
        "Calm",
        "Nothing is wrong.",
        "Follow the load",
        "Taps a second",
        "Flush lag",
        "Telegram 429s",
        "AOF",
    ):
        assert words in text


def test_the_pace_is_held_and_let_go_for_everybody(operator, services):
    answer = operator.post("/pace", {"level": "strained"})
    assert "Strained" in answer.text
    assert "held by hand" in answer.text
    assert "Held at strained." in answer.text
    assert services.pace.follow().level == "strained"
    assert "follows the load again" in operator.post("/pace", {"level": ""}).text
    assert services.pace.follow().level == "calm"
    assert operator.post("/pace", {"level": "relaxed"}).status_code == 422
    assert operator.post("/pace").status_code == 422


def test_a_flush_is_given_to_the_worker(operator, services, stores):
    connection = redis.connect_rq(stores.rq_redis_url)
    before = Queue(QUEUE, connection=connection).count
    assert "asked to flush" in operator.post("/flush").text
    jobs = Queue(QUEUE, connection=connection).get_job_ids()
    assert len(jobs) == before + 1
    assert Job.fetch(jobs[-1], connection=connection).func_name == "clicker.taps.jobs.flush"


def test_a_player_is_found_renamed_blocked_and_unblocked(operator, services, alice, app, clock):
    alice.tap(7)
    Device(app.test_client(), clock, BOB).opened().named("bob")
    assert f'href="/admin/players/{ALICE}"' in operator.get("/players?q=AL").text
    assert "Nobody." in operator.get("/players?q=%25").text
    assert "carol" in operator.post(f"/players/{ALICE}/username", {"username": "carol"}).text
    assert services.players.known(ALICE).username == "carol"
    taken = operator.post(f"/players/{ALICE}/username", {"username": "bob"})
    assert (taken.status_code, taken.headers["HX-Retarget"]) == (409, "#notice")
    assert operator.post(f"/players/{ALICE}/username", {"username": "a b"}).status_code == 422
    assert "Blocked. Their clicks are kept." in operator.post(f"/players/{ALICE}/block").text
    assert alice.tap(1).status_code == 403
    assert "carol" in operator.get("/players").text
    assert "May play again." in operator.post(f"/players/{ALICE}/unblock").text
    assert alice.resume().status_code == 201
    assert operator.get("/players/99").status_code == 404
    assert operator.get("/players/99999999999999999999999").status_code in (404, 503)


@pytest.mark.parametrize("name", EVIL)
def test_whatever_somebody_is_called_it_is_only_shown(operator, services, app, clock, name):
    device = Device(app.test_client(), clock)
    said = init_data(ALICE, now=clock(), first_name=name)
    device.token = device.post("/session", {"init_data": said}).json["token"]
    services.players.hot.put_username(ALICE, name)  # past the rules, as if they had let it through
    for path in (f"/players/{ALICE}", f"/players?q={ALICE}"):
        text = operator.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert f"<bdi>{name}" in text or "&lt;" in text or "&#39;" in text
    for path in ("/players", "/now"):
        assert operator.client.get(f"/admin{path}", query_string={"q": name}).status_code == 200


def test_sparklines_end_at_the_right_edge_and_stay_inside():
    line = sparkline([0, 5, 10])
    points = [tuple(map(float, point.split(","))) for point in line.split()]
    assert points[-1] == (100, 2)
    assert all(0 <= x <= 100 and 0 <= y <= 28 for x, y in points)
    assert sparkline([]) == area("") == ""
    assert sparkline([3]) == "100.0,2.0"
    assert area("90.0,5.0 100.0,9.0") == "90.0,28 90.0,5.0 100.0,9.0 100,28"
    ElementTree.fromstring(f'<polyline points="{sparkline([1.5] * KEPT)}"/>')


def test_taps_a_second_follow_from_the_totals_and_are_never_negative():
    assert taps_per_second([Moment(0, taps=10), Moment(2, taps=110), Moment(4, taps=0)]) == [50, 0]
    assert taps_per_second([Moment(0)]) == [0]


def test_a_tile_says_when_to_look():
    calm = Moment(0, web=1, aof=1)
    assert {tile.trouble for tile in tiles([calm])} == {""}
    trouble = replace(
        calm, lag_s=40, jobs=30, refused=2, store_s=0.2, loop_s=0.05, web=0, messages=250, ledger_s=0.3
    )
    found = {tile.id: tile.trouble for tile in tiles([calm, trouble])}
    assert found == {
        "sessions": "", "lag": "bad", "jobs": "watch", "messages": "watch", "refused": "bad", "store": "bad",
        "ledger": "watch", "loop": "bad",
    }  # fmt: skip
    assert {tile.id: tile.trouble for tile in tiles([replace(calm, aof=-1)])}["store"] == "bad"
    away = {tile.id: tile for tile in tiles([calm, replace(calm, store_s=AWAY, ledger_s=AWAY)])}
    assert {(away[id].value, away[id].unit, away[id].trouble) for id in ("store", "ledger")} == {
        ("away", "", "bad")
    }


def test_the_pace_of_the_last_minutes_is_drawn_in_stretches_up_to_now():
    levels = [0] * 10 + [2] * 5 + [0] * 15
    stretches = past([Moment(n, level=level) for n, level in enumerate(levels)], width=KEPT)
    assert stretches == [(KEPT - 30, 10, "calm"), (KEPT - 20, 5, "strained"), (KEPT - 15, 15, "calm")]


def test_moments_are_left_once_every_two_seconds_by_one_of_all_and_the_oldest_go(services):
    assert [services.admin.note() for _ in range(5)] == [True, False, False, False, False]
    for number in range(KEPT + 5):
        services.admin.store.leave(Moment(number))
    kept = services.admin.store.moments()
    assert (len(kept), kept[0].at, kept[-1].at) == (KEPT, 5, KEPT + 4)


def test_moments_of_another_version_are_left_out(services):
    services.redis.lpush("{admin}:moments", "[1, 2]")
    assert services.admin.store.moments() == []
    assert len(services.admin.overview().moments) == 1


def test_errors_that_say_the_same_are_one_with_their_number():
    said = [
        Mishap(9, "web", "x", "no [abc-1]"),
        Mishap(8, "bot", "x", "no"),
        Mishap(7, "web", "x", "no [abc-2]"),
    ]
    assert grouped(said, 5) == [Mishaps(said[0], 2), Mishaps(said[1], 1)]
    jobs = [Mishap(n, "worker", "rq", f"job 9f{n}e4455-0b{n}a: no") for n in (1, 2)]
    assert [found.times for found in grouped(jobs, 5)] == [2]
    assert len(grouped([Mishap(n, "web", "x", f"no {n}") for n in range(9)], 5)) == 5


def test_postgres_is_felt_by_how_long_it_takes():
    now = [0.0]

    def ask() -> None:
        now[0] += 0.3

    probe = Probe(ask, timer=lambda: now[0])
    assert probe.seconds == 0
    probe.look()
    assert probe.seconds == pytest.approx(0.3)

    def refuse() -> None:
        raise OperationalError

    probe.ask = refuse
    probe.look()
    assert probe.seconds == AWAY

    def freeze() -> None:
        assert probe.seconds == AWAY, "as long as the next answer may be in time"
        now[0] += 7
        assert probe.seconds == pytest.approx(7), "or how long it has been awaited"

    probe.ask = freeze
    probe.look()


def test_without_the_hot_store_the_last_minutes_stay_on_the_page(operator, services, clock):
    services.admin.store.leave(Moment(clock(), sessions=7))
    operator.get("/now")
    store, services.admin.store = services.admin.store, AdminStore(redis.connect("redis://127.0.0.1:1"))
    try:
        overview = services.admin.overview()
    finally:
        services.admin.store = store
    assert overview.away
    assert len(overview.moments) == 2
    shown = {tile.id: tile for tile in tiles(overview.moments)}
    assert (shown["store"].value, shown["store"].trouble) == ("away", "bad")
    assert shown["sessions"].value == "7", "what nobody can tell now stays what it was"


def test_of_a_traceback_what_was_raised_is_kept():
    said = "job 1 (flush)\nTraceback (most recent call last):\n  File x\n    y\npeewee.OperationalError: no\n"
    assert gist(said) == "job 1 (flush): peewee.OperationalError: no"
    assert gist("all is lost") == "all is lost"
