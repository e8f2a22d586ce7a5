"""What a web process feels: its own troubles, and not those of parts that play does not need."""

from dataclasses import replace

import pytest

from clicker import wiring
from clicker.web.app import create_app
from clicker.web.live import Hub


@pytest.fixture
def pulse(app):
    return app.extensions["pulse"]


def test_rqs_store_being_away_stops_nobody(settings, clock, services):
    built = wiring.build(replace(settings, rq_redis_url="redis://127.0.0.1:1"), clock)
    pulse = create_app(built).extensions["pulse"]
    pulse.feel(1.0)
    assert "jobs" not in built.pace.published.state.reasons
    built.redis.close()


def test_a_late_event_loop_raises_the_level_for_everyone(pulse, services, alice):
    pulse.feel(200.0)
    assert alice.tap(1).headers["X-Pace"] == "strained"


def test_a_socket_that_joins_does_not_hide_a_change_from_the_others(app, services, alice):
    hub = Hub()
    with app.app_context():
        first = hub.join("en")
        hub.publish(services.leaderboard.refresh())
        first.take()
        alice.tap(5)
        board = services.leaderboard.refresh()
        hub.render(board, "en")
        hub.publish(board)
        assert "alice" in (first.take() or "")
