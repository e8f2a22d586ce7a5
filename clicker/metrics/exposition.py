"""Figures as Prometheus' text."""

from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from clicker.metrics.rules import SECONDS, TABLE, Metric
from clicker.metrics.service import Figures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
Rows = dict[tuple[str, ...], dict[str, float]]
"""Values of a metric: by labels, then by bucket (empty for what is no histogram)."""


def text(figures: Figures) -> bytes:
    """Every metric of the table, those without a value too: what has no labels is 0."""
    return generate_latest(_Collector(figures))


class _Collector(Collector):
    def __init__(self, figures: Figures) -> None:
        self._rows: dict[str, Rows] = defaultdict(lambda: defaultdict(dict))
        for (name, *rest), value in figures.values.items():
            width = len(TABLE[name].labels) if name in TABLE else 0
            self._rows[name][tuple(rest[:width])]["".join(rest[width:])] = value

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily]:
        for metric in TABLE.values():
            rows = self._rows.get(metric.name, {})
            if metric.kind == "histogram":
                yield _histogram(metric, rows)
            else:
                yield _plain(metric, rows or ({} if metric.labels else {(): {"": 0.0}}))


def _plain(metric: Metric, rows: Rows) -> CounterMetricFamily | GaugeMetricFamily:
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(metric.name, metric.text, labels=metric.labels)
    for labels, values in sorted(rows.items()):
        family.add_metric(labels, values[""])
    return family


def _histogram(metric: Metric, rows: Rows) -> HistogramMetricFamily:
    family = HistogramMetricFamily(metric.name, metric.text, labels=metric.labels)
    for labels, values in sorted(rows.items()):
        count, buckets = 0.0, []
        for number, bound in enumerate([*map(str, SECONDS), "+Inf"]):
            count += values.get(str(number), 0.0)
            buckets.append((bound, count))
        family.add_metric(labels, buckets, values.get("sum", 0.0))
    return family
