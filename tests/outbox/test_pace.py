"""A backlog of messages for Telegram slows everything down that can wait."""

import pytest

from clicker.web.app import create_app
from clicker.wiring import Services


@pytest.mark.parametrize(
    ("waiting", "level", "interval_s"), [(0, "calm", 3), (250, "busy", 10), (2500, "strained", 60)]
)
def test_pace_follows_what_waits_in_all_bot_processes(
    services: Services, waiting: int, level: str, interval_s: float
) -> None:
    pulse = create_app(services).extensions["pulse"]
    services.outbox.report("bot:1", waiting // 2, 1.0, {})
    services.outbox.report("bot:2", waiting - waiting // 2, 1.0, {})
    pulse.feel(1.0)
    assert services.pace.current().level == level
    assert services.live.interval_s() == interval_s
    assert pulse.services.pace.published.state.reasons == (("messages",) if waiting else ())
