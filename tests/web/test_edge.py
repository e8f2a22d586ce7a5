"""The outermost layer lets in what can be served, and refuses the rest before any work."""

import pytest

from clicker.errors import Overloaded
from clicker.pace.rules import Sample, judge


@pytest.fixture
def edge(app):
    return app.wsgi_app


def test_what_comes_on_top_is_refused_at_once_and_nothing_is_counted(edge, alice, services):
    edge.in_flight = services.pace.current().admitted
    answer = alice.tap(1)
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == Overloaded.code
    assert answer.json["error"]["requestId"] == answer.headers["X-Request-Id"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert edge.refused == 1
    edge.in_flight = 0
    assert alice.tap(1, sequence=1).json["accepted"] == 1


def test_a_full_house_stays_full_as_long_as_many_are_refused(edge, alice, services):
    services.pace.hold("shedding")
    edge.in_flight = 128
    for _ in range(120):
        assert alice.tap(1).status_code == 503
    assert judge(Sample(0, in_flight=edge.take_peak()))[0] == "shedding"
    edge.in_flight = 0
    assert (edge.take_peak(), edge.take_peak()) == (128, 0)


def test_fewer_are_admitted_while_shedding(edge, alice, services):
    services.pace.hold("shedding")
    edge.in_flight = 128
    answer = alice.tap(1)
    assert (answer.status_code, answer.headers["X-Pace"], answer.headers["X-Flush-Ms"]) == (
        503,
        "shedding",
        "10000",
    )


@pytest.mark.parametrize(("tongue", "word"), [("en", "Busy"), ("ru-RU,ru;q=0.9", "Сейчас")])
def test_htmx_gets_a_fragment_and_swaps_nothing(edge, alice, tongue, word):
    edge.store_away = True
    headers = {"HX-Request": "true", "Accept-Language": tongue}
    answer = alice.call("POST", "/click", data={"delta": "1", "sequence": "1"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (503, "none")
    assert 'data-code="overloaded"' in answer.text
    assert word in answer.text


@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready"])
def test_the_shell_and_health_are_always_let_in(edge, alice, path):
    edge.store_away = True
    assert alice.get(path).status_code == 200


def test_only_the_socket_itself_is_let_in_not_the_way_to_a_ticket(edge, alice):
    edge.store_away = True
    assert alice.post("/live/ticket").status_code == 503
    assert alice.get("/live?ticket=x").status_code == 400  # no handshake, but looked at


def test_a_failed_request_does_not_stay_in_flight(edge, alice):
    alice.post("/click", {"delta": "x"})
    alice.get("/nowhere")
    assert edge.in_flight == 0
    assert edge.take_peak() == 1
    assert edge.take_peak() == 0
