"""Figures of several processes become one."""

import pytest

from clicker.metrics.rules import SECONDS, TABLE, added, beyond, bucket, histogram, merged, packed, unpacked


def test_names_say_what_they_are():
    for name, metric in TABLE.items():
        assert name.startswith("clicker_")
        assert name.endswith("_total") == (metric.kind == "counter")
        assert metric.text.endswith(".")


def test_what_has_grown_and_nothing_else_is_told():
    assert beyond({("a",): 3.0, ("b", "x"): 2.0}, {("a",): 1.0, ("b", "x"): 2.0}) == {("a",): 2.0}


def test_counters_add_up():
    assert added({("a",): 1.0}, {("a",): 2.0, ("b",): 1.0}) == {("a",): 3.0, ("b",): 1.0}


def test_gauges_are_added_or_the_worst_counts():
    one = {("clicker_sockets_open",): 3.0, ("clicker_store_latency_seconds",): 0.1}
    two = {("clicker_sockets_open",): 4.0, ("clicker_store_latency_seconds",): 0.02, ("clicker_of_old",): 1.0}
    assert merged([one, two]) == {("clicker_sockets_open",): 7.0, ("clicker_store_latency_seconds",): 0.1}


@pytest.mark.parametrize(("seconds", "number"), [(0.0, 0), (0.005, 0), (0.0051, 1), (5.0, 9), (60.0, 10)])
def test_a_time_goes_into_the_bucket_whose_bound_it_does_not_exceed(seconds, number):
    assert bucket("h", "x", seconds=seconds) == (("h", "x", str(number)), ("h", "x", "sum"))
    assert len(SECONDS) == 10


def test_a_histogram_kept_elsewhere_looks_the_same():
    assert histogram("h", "x", buckets=[0, 2, 0], seconds=0.5) == {
        ("h", "x", "1"): 2.0,
        ("h", "x", "sum"): 0.5,
    }


def test_a_series_survives_the_store():
    assert unpacked(packed(("a", "/click", "200"))) == ("a", "/click", "200")
