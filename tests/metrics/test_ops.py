"""The dashboard and the alerts name metrics that are there, and every alert tells what to do."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from clicker.metrics.rules import SECONDS, TABLE

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"clicker_[a-z_]+")
SELECTED = re.compile(r"(clicker_[a-z_]+)\{([^}]*)\}")


def dashboard() -> list[str]:
    """Every query of the dashboard."""
    board = json.loads((ROOT / "ops/grafana/clicker.json").read_text())
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]


def alerts() -> list[dict]:
    rules = YAML(typ="safe").load((ROOT / "ops/prometheus/alerts.yml").read_text())
    return [rule for group in rules["groups"] for rule in group["rules"]]


@pytest.fixture
def offered(app) -> set[str]:
    """Names of samples that /metrics may show; a histogram has three."""
    page = app.test_client().get("/metrics").text
    families = {family.name: family.type for family in text_string_to_metric_families(page)}
    endings = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}
    return {name + ending for name, kind in families.items() for ending in endings[kind]}


@pytest.mark.parametrize("query", [*dashboard(), *(rule["expr"] for rule in alerts())])
def test_every_metric_of_a_query_is_on_the_page(query, offered):
    named = set(NAME.findall(query))
    assert named
    assert named <= offered


@pytest.mark.parametrize("query", [*dashboard(), *(rule["expr"] for rule in alerts())])
def test_every_label_of_a_query_belongs_to_its_metric(query):
    for name, inside in SELECTED.findall(query):
        metric = TABLE.get(name) or TABLE[name.removesuffix("_bucket")]
        assert set(re.findall(r"(\w+)[=!~]+\"", inside)) <= {*metric.labels, "le"}
    assert query.count("(") == query.count(")")


def test_everything_that_is_measured_is_on_the_dashboard():
    shown = {name for query in dashboard() for name in NAME.findall(query)}
    plain = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown} | shown
    left_out = {
        "clicker_pace",
        "clicker_pace_sample",
        "clicker_job_duration_seconds",
        "clicker_flush_failures_total",
    }
    left_out |= {"clicker_outbox_waited_seconds_total"}
    assert set(TABLE) - plain <= left_out


def test_every_alert_has_a_paragraph_that_says_what_to_do():
    text = (ROOT / "docs/operations.md").read_text()
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = [rule["annotations"]["runbook_url"].partition("#")[2] for rule in alerts()]
    assert len(set(links)) == len(links)
    assert set(links) == {anchor for anchor in anchors if anchor.startswith("alert-")}


def test_every_alert_says_how_bad_it_is_and_waits_before_it_speaks():
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["annotations"]["summary"].endswith(".")


def test_what_is_asked_to_be_scraped_is_what_compose_runs():
    scrape = YAML(typ="safe").load((ROOT / "ops/prometheus/scrape.yml").read_text())
    compose = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
    (target,) = scrape["scrape_configs"][0]["static_configs"][0]["targets"]
    service, port = target.split(":")
    assert port in compose["services"][service]["expose"]
    assert scrape["rule_files"] == ["alerts.yml"]
    assert 0.5 in SECONDS, "the alert on slow taps needs this bound"
