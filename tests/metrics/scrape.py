"""Reading what Prometheus would read."""

import requests
from prometheus_client.parser import text_string_to_metric_families

Scraped = dict[str, float]
"""Samples as `name` or `name{label="value",…}`, labels in alphabetical order."""


def parsed(text: str) -> Scraped:
    """Every sample of a page."""
    return {
        label(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def label(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


def scrape(url: str) -> Scraped:
    """GET /metrics of a server."""
    answer = requests.get(f"{url}/metrics", timeout=5)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return parsed(answer.text)
