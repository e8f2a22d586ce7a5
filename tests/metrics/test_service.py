"""Several processes tell; everyone knows all."""

import pytest

from clicker import wiring
from clicker.errors import ClickerError
from clicker.metrics.exposition import text
from clicker.stores.redis import Error
from tests.metrics.scrape import parsed

SHED = "clicker_requests_shed_total"
SOCKETS = ("clicker_sockets_open",)


@pytest.fixture
def pair(settings, clock, services):
    """The metrics of two processes."""
    built = [wiring.build(settings, clock) for _ in range(2)]
    for one in built:
        one.metrics.begin("web")
    yield [one.metrics for one in built]
    for one in built:
        one.redis.close()


def test_counters_of_all_processes_add_up_and_what_was_not_told_yet_is_counted(pair):
    one, two = pair
    one.add(SHED, by=3)
    two.add(SHED, by=4)
    one.publish()
    two.publish()
    two.add(SHED)
    assert two.figures().total(SHED) == 8
    assert one.figures().total(SHED) == 3
    one.publish()
    assert one.figures().total(SHED) == 7


def test_what_a_process_counted_stays_when_it_is_gone(pair, clock):
    one, two = pair
    one.feels.append(lambda: {SOCKETS: 5.0})
    one.add(SHED, by=3)
    one.publish()
    two.publish()
    assert two.figures().total(*SOCKETS) == 5
    clock.move(120)
    two.publish()
    assert (two.figures().total(SHED), two.figures().total(*SOCKETS)) == (3, 0)
    assert two.figures().total("clicker_processes", "web") == 1
    two.publish()
    assert len(two.store.redis.hgetall("{metrics}:processes")) == 1


def test_a_publication_whose_answer_was_lost_is_not_added_twice(pair, monkeypatch):
    one, _ = pair
    one.add(SHED, by=3)
    really = one.store.publish

    def lost(*args):
        really(*args)
        raise Error("the answer was lost")

    monkeypatch.setattr(one.store, "publish", lost)
    with pytest.raises(Error):
        one.publish()
    one.add(SHED)
    assert one.figures().total(SHED) == 4
    monkeypatch.setattr(one.store, "publish", really)
    one.publish()
    assert one.figures().total(SHED) == 4
    one.publish()
    assert one.figures().total(SHED) == 4


def test_without_the_hot_store_a_process_tells_what_it_knows(pair, clock, monkeypatch):
    one, two = pair
    two.add(SHED, by=4)
    two.publish()
    one.feels.append(lambda: {SOCKETS: 2.0})
    one.publish()

    def away(*args):
        raise Error("away")

    monkeypatch.setattr(one.store, "publish", away)
    clock.move(30)
    with pytest.raises(Error):
        one.publish()
    one.add(SHED)
    found = one.figures()
    assert (found.total(SHED), found.total(*SOCKETS)) == (5, 2)
    assert found.total("clicker_figures_age_seconds") == 30


def test_a_histogram_is_cumulative_on_the_page(pair):
    one, _ = pair
    for seconds in (0.001, 0.004, 0.3, 99):
        one.time("clicker_job_duration_seconds", "flush", seconds=seconds)
    page = parsed(text(one.figures()).decode())
    name = "clicker_job_duration_seconds"
    assert page[name + '_bucket{job="flush",le="0.005"}'] == 2
    assert page[name + '_bucket{job="flush",le="0.5"}'] == 3
    assert page[name + '_bucket{job="flush",le="+Inf"}'] == page[name + '_count{job="flush"}'] == 4
    assert page[name + '_sum{job="flush"}'] == pytest.approx(99.305)


def test_a_name_that_is_not_in_the_table_is_a_mistake(pair):
    with pytest.raises(KeyError):
        pair[0].add("clicker_misspelt_total")


def test_taps_refusals_and_answers_are_counted(app, alice, services):
    alice.tap(5, sequence=1)
    alice.tap(5, sequence=1)
    alice.tap(1000, sequence=2)
    alice.post("/click", {"delta": 0, "sequence": 9})
    services.metrics.begin("web")
    services.metrics.publish()
    page = parsed(app.test_client().get("/metrics").text)
    assert page["clicker_tap_batches_total"] == 2
    assert page["clicker_taps_accepted_total"] == 750
    assert page["clicker_taps_deferred_total"] == 255
    assert page["clicker_tap_replays_total"] == 1
    assert page['clicker_http_requests_total{route="/click",status="200"}'] == 3
    assert page['clicker_http_requests_total{route="/click",status="422"}'] == 1
    assert page['clicker_http_request_duration_seconds_count{route="/click"}'] == 4
    assert page['clicker_refusals_total{code="bad_field"}'] >= 1
    assert page["clicker_sessions_active"] == page["clicker_sessions_dirty"] == 1


def test_the_flush_lag_is_the_age_of_the_last_complete_flush_while_somebody_waits(alice, clock, services):
    alice.tap(1)
    services.taps.flush()
    clock.move(10)
    assert services.taps.lag().seconds == 0
    alice.tap(1)
    assert (services.taps.lag().sessions, services.taps.lag().seconds) == (1, 10)
    services.taps.flush()
    assert services.taps.lag().sessions == 0


def test_the_level_and_its_reasons_are_figures(app, services):
    pulse = app.extensions["pulse"]
    services.metrics.begin("web")
    pulse.feel(200.0)
    services.metrics.publish()
    page = parsed(app.test_client().get("/metrics").text)
    assert page["clicker_pace_level"] == 2
    assert page['clicker_pace{level="strained"}'] == 1
    assert page['clicker_pace{level="calm"}'] == 0
    assert page['clicker_pace_reason{reason="loop_ms"}'] == 1
    assert page['clicker_pace_sample{measure="loop_ms"}'] == 200
    assert page["clicker_event_loop_delay_seconds"] == pytest.approx(0.2)


def test_who_comes_through_a_proxy_finds_nothing(app):
    assert app.test_client().get("/metrics").status_code == 200
    told = app.test_client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert (told.status_code, "clicker_" in told.text) == (404, False)


def test_addresses_that_nobody_made_share_one_series(app):
    for number in range(50):
        app.test_client().get(f"/nowhere/{number}")
    app.test_client().get("/static/css/app.css")
    page = app.test_client().get("/metrics").text
    assert "nowhere" not in page
    assert page.count('route="/static"') == 1
    assert ClickerError.code in page or 'code="not_found"' in page
