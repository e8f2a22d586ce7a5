"""The figures of every minute, for who has no Prometheus."""

from datetime import timedelta

import pytest

from clicker.clock import utc
from clicker.stores.postgres import connection

ACCEPTED = "clicker_taps_accepted_total"


@pytest.fixture
def metrics(services):
    services.metrics.begin("worker")
    return services.metrics


def test_a_minutes_figures_are_kept_once_and_found_again(metrics, alice, clock):
    begun = utc(int(clock() * 1000)).replace(second=0)
    for minute in range(3):
        alice.tap(5)
        metrics.publish()
        assert metrics.keep()
        assert not metrics.keep(), f"minute {minute} has some"
        clock.move(60)
    rows = metrics.past(ACCEPTED, begun + timedelta(minutes=1))
    assert [(at, found[(ACCEPTED,)]) for at, found in rows] == [
        (begun + timedelta(minutes=1), 10),
        (begun + timedelta(minutes=2), 15),
    ]
    [(_, levels)] = metrics.past("clicker_processes", begun + timedelta(minutes=2))
    assert levels == {("clicker_processes", "worker"): 1}
    names = {series[0] for _, found in metrics.past("clicker_pace", begun) for series in found}
    assert names <= {"clicker_pace"}, "a longer name is another metric"


def test_what_nobody_knows_is_not_kept(metrics, clock):
    assert not metrics.keep(), "nothing was read yet"
    metrics.publish()
    clock.move(6)
    assert not metrics.keep(), "that was too long ago"


def test_a_row_is_small(metrics):
    metrics.time("clicker_job_duration_seconds", "flush", seconds=0.2)
    metrics.publish()
    metrics.keep()
    with connection() as database:
        series, size = database.execute_sql("SELECT series, pg_column_size(series) FROM figures").fetchone()
    assert size < 8192
    assert not [name for name in series if "duration" in name], "histograms are Prometheus' business"


def test_old_figures_are_thinned(metrics, clock):
    clock.now = clock.now // 3600 * 3600
    for _ in range(4):
        metrics.publish()
        metrics.keep()
        clock.move(60)
    clock.move(8 * 86_400)
    metrics.publish()
    metrics.keep()
    assert len(metrics.past("clicker_processes", utc(0))) == 2
