"""What our buckets let pass never draws a 429 where Telegram's limits bite."""

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clicker.outbox.rules import Buckets, Charge, Lane
from sandbox.limits import LimitExceededError, Limits
from tests.conftest import FakeClock

CHARGES = st.builds(
    Charge, st.sampled_from([None, 1, 2, -3, *range(10, 40)]), st.sampled_from(Lane), st.booleans()
)
PAUSES = st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.04, 0.3, 1.0, 5.0])


def passes(limits: Limits, charge: Charge) -> bool:
    try:
        limits.charge(charge.chat or 0, edit=charge.edit)
    except LimitExceededError:
        return False
    return True


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CHARGES, PAUSES), max_size=150))
def test_whatever_is_asked_for_in_whatever_order(story: list[tuple[Charge, float]]) -> None:
    clock = FakeClock()
    buckets, limits = Buckets(), Limits(clock)
    for number, (charge, pause) in enumerate(story):
        clock.move(pause)
        if not buckets.take(charge, clock()).wait_s:
            # What has no chat of its own is in a chat of its own here: Telegram has no others.
            sent = charge if charge.chat else Charge(1000 + number, charge.lane, charge.edit)
            assert passes(limits, sent)


def test_one_who_writes_start_without_end_gets_one_answer_a_second() -> None:
    clock = FakeClock()
    buckets, limits = Buckets(), Limits(clock)
    answered = 0
    for _ in range(60_00):
        clock.move(0.01)
        if not buckets.take(Charge(7), clock()).wait_s:
            assert passes(limits, Charge(7))
            answered += 1
    assert 60 <= answered <= 62


def test_a_group_that_asks_for_the_board_without_end_gets_twenty_answers_a_minute_at_most() -> None:
    clock = FakeClock()
    buckets, limits = Buckets(), Limits(clock)
    answered = 0
    for _ in range(180_00):
        clock.move(0.01)
        if not buckets.take(Charge(-7), clock()).wait_s:
            assert passes(limits, Charge(-7))
            answered += 1
    assert 45 <= answered <= 50
