"""The API's document says what the routes say, all of them and no other."""

import re

import pytest
from jsonschema import Draft202012Validator

from clicker.web.openapi import document
from tests.player import Device

OPERATORS = ("admin", "rq_dashboard")
"""Blueprints of the operator's own pages, which are no API."""


@pytest.fixture
def api(app):
    return document(app)


def routes(app):
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] not in OPERATORS
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_it_and_everything_in_it_is_a_route(app, api):
    assert routes(app) == {(path, method) for path, said in api["paths"].items() for method in said}


def test_it_is_served_as_it_is(app, api):
    answer = app.test_client().get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json == api


def test_its_schemas_are_schemas_and_its_references_lead_somewhere(api):
    for schema in api["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for name in re.findall(r"#/components/schemas/(\w+)", str(api)):
        assert name in api["components"]["schemas"]


def test_every_operation_is_named_once_and_says_what_it_does(api):
    told = [said for methods in api["paths"].values() for said in methods.values()]
    assert len({said["operationId"] for said in told}) == len(told)
    assert all(said["summary"] for said in told)


def test_a_call_lists_all_that_it_answers(api):
    opens = api["paths"]["/session"]["post"]
    assert set(opens["responses"]) == {"201", "400", "401", "403", "413", "415", "422", "429", "503"}
    assert "X-RateLimit-Remaining" in opens["responses"]["201"]["headers"]
    assert "security" not in opens
    tap = api["paths"]["/click"]["post"]
    assert tap["security"]
    assert "429" not in tap["responses"]
    assert tap["requestBody"]["content"].keys() == {"application/json", "application/x-www-form-urlencoded"}


def test_real_answers_are_as_the_document_says(api, alice, app, clock):
    stranger = Device(app.test_client(), clock)
    calls = [
        ("get", "/leaderboard", alice.get("/leaderboard")),
        ("get", "/me", alice.get("/me")),
        ("get", "/me/export", alice.get("/me/export")),
        ("post", "/click", alice.tap(3)),
        ("post", "/session/resume", alice.resume()),
        ("post", "/live/ticket", alice.post("/live/ticket")),
        ("post", "/username", alice.post("/username", {"username": "x"})),
        ("post", "/language", alice.post("/language", {"language": "ru"})),
        ("get", "/me", stranger.get("/me")),
        ("get", "/health/ready", stranger.get("/health/ready")),
    ]
    for method, path, answer in calls:
        schema = api["paths"][path][method]["responses"][str(answer.status_code)]["content"][
            "application/json"
        ]
        whole = {**schema["schema"], "components": api["components"]}
        Draft202012Validator(whole).validate(answer.json)
