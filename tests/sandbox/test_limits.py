"""The limits by themselves, on a clock that the tests move."""

import pytest

from sandbox.limits import MINIMUM_PAUSE_S, LimitExceededError, Limits

ALICE, GROUP = 1, -100


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock)


def passes(limits: Limits, chat_id: int = ALICE, *, edit: bool = False) -> bool:
    try:
        limits.charge(chat_id, edit=edit)
    except LimitExceededError:
        return False
    return True


def test_a_short_burst_into_one_chat_passes_and_the_next_message_does_not(limits):
    assert [passes(limits) for _ in range(4)] == [True, True, True, False]


def test_one_message_a_second_into_one_chat_always_passes(limits, clock):
    for _ in range(300):
        assert passes(limits)
        clock.now += 1


def test_edits_count_against_the_same_second_as_messages(limits):
    assert passes(limits)
    assert passes(limits, edit=True)
    assert passes(limits, edit=True)
    assert not passes(limits, edit=True)


def test_an_edit_every_three_seconds_always_passes(limits, clock):
    for _ in range(300):
        assert passes(limits, edit=True)
        clock.now += 3


def test_more_than_twenty_edits_a_minute_are_refused_in_the_long_run(limits, clock):
    count = 0
    while passes(limits, edit=True):
        clock.now += 1.5
        count += 1
    assert 20 <= count <= 41  # the bucket's depth, and what came in meanwhile


def test_a_group_gets_twenty_messages_a_minute(limits, clock):
    count = 0
    while passes(limits, GROUP):
        clock.now += 1.5
        count += 1
    assert 20 <= count <= 41


def test_the_bot_gets_thirty_calls_a_second_over_all_chats_and_kinds(limits):
    assert all(passes(limits, chat_id, edit=chat_id % 2 == 0) for chat_id in range(1, 31))
    assert not passes(limits, 31)


def test_thirty_a_second_for_a_minute_pass(limits, clock):
    for number in range(30 * 60):
        assert passes(limits, number % 900 + 1)
        clock.now += 1 / 30


def test_after_a_refusal_the_whole_bot_waits_out_retry_after(limits, clock):
    while passes(limits):
        pass
    with pytest.raises(LimitExceededError) as refused:
        limits.charge(2, edit=False)
    assert refused.value.retry_after == MINIMUM_PAUSE_S
    clock.now += MINIMUM_PAUSE_S - 0.5
    with pytest.raises(LimitExceededError) as refused:
        limits.check_pause()
    assert refused.value.retry_after == 1
    clock.now += 0.5
    limits.check_pause()
    assert passes(limits, 2)


def test_a_refused_call_takes_nothing_from_the_buckets(limits, clock):
    while passes(limits):
        pass
    clock.now += 60
    assert [passes(limits) for _ in range(4)] == [True, True, True, False]


def test_switched_off_they_let_everything_pass(clock):
    limits = Limits(clock, strict=False)
    assert all(passes(limits) for _ in range(1000))
    limits.check_pause()
