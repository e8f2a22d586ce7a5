"""The buckets in the hot store: shared by all, paused for all, and missed by none."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clicker.outbox.rules import STAND_BACK_S, Buckets, Charge, Lane
from clicker.outbox.service import OutboxService
from clicker.outbox.store import OutboxStore
from clicker.stores.keys import Keys
from clicker.stores.redis import connect
from clicker.wiring import Services
from tests.conftest import FakeClock, wipe

CHARGES = st.builds(
    Charge, st.sampled_from([None, 1, 2, -3]), st.sampled_from([Lane.ANSWER, Lane.LIVE]), st.booleans()
)


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CHARGES, st.sampled_from([0.0, 0.02, 0.3, 1.0, 7.0])), max_size=60))
def test_the_script_does_what_the_model_does(services: Services, clock: FakeClock, story: list) -> None:
    wipe(services)
    model = Buckets()
    for charge, pause in story:
        clock.move(pause)
        expected, found = model.take(charge, clock()), services.outbox.take(charge)
        assert (expected.wait_s == 0) is (found.wait_s == 0)
        assert abs(expected.wait_s - found.wait_s) <= 0.003
        assert expected.everyone is found.everyone


def test_two_processes_share_one_budget(services: Services, clock: FakeClock) -> None:
    other = OutboxService(OutboxStore(services.redis), clock)
    sent = 0
    for _ in range(1000):
        clock.move(0.01)
        sent += sum(not outbox.take(Charge(None)).wait_s for outbox in (services.outbox, other))
    assert 265 <= sent <= 275, "27 a second for ten seconds, whoever takes them"


def test_retry_after_pauses_every_process_until_it_is_over(services: Services, clock: FakeClock) -> None:
    other = OutboxService(OutboxStore(services.redis), clock)
    services.outbox.pause(30)
    services.outbox.pause(3)
    verdict = other.take(Charge(5))
    assert verdict.everyone
    assert 30 <= verdict.wait_s <= 31
    clock.move(31)
    assert not other.take(Charge(5)).wait_s


def test_live_edits_of_one_process_stand_back_for_answers_of_another(
    services: Services, clock: FakeClock
) -> None:
    other = OutboxService(OutboxStore(services.redis), clock)
    while not services.outbox.take(Charge(None)).wait_s:
        pass
    assert other.take(Charge(7, Lane.LIVE)).wait_s == STAND_BACK_S


def test_without_the_hot_store_a_process_goes_on_alone_and_slower(clock: FakeClock) -> None:
    alone = OutboxService(OutboxStore(connect("redis://127.0.0.1:1")), clock)
    sent = 0
    for _ in range(1000):
        clock.move(0.01)
        sent += not alone.take(Charge(None)).wait_s
    assert 85 <= sent <= 100, "9 a second for ten seconds"


def test_the_budget_follows_the_answers_and_recovers(services: Services, clock: FakeClock) -> None:
    quiet = services.outbox.edit_budget()
    for chat in range(900):
        clock.move(0.1)
        services.outbox.take(Charge(chat))
    busy = services.outbox.edit_budget()
    assert busy == pytest.approx(0.75 * (27 - 10), rel=0.1)
    clock.move(300)
    assert services.outbox.edit_budget() > 0.99 * quiet


def test_reports_add_up_and_those_of_the_dead_are_forgotten(services: Services, clock: FakeClock) -> None:
    services.outbox.report("one", 3, 0.5, {"sent": 10})
    services.outbox.report("two", 4, 2.5, {"sent": 5, "refused": 1})
    assert services.outbox.waiting() == 7
    assert services.outbox.longest_wait_s() == 2.5
    assert services.outbox.counters() == {"sent": 15, "refused": 1}
    clock.move(60)
    services.outbox.report("two", 1, 0, {})
    assert services.outbox.waiting() == 1
    assert set(services.redis.hgetall(Keys.OUTBOX_PROCESSES)) == {"two"}


def test_a_chat_that_is_gone_is_found_again_when_it_speaks(services: Services) -> None:
    services.outbox.lose(5)
    assert services.outbox.is_gone(5)
    services.outbox.find(5)
    assert not services.outbox.is_gone(5)
