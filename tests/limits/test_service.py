"""Counting in the real store, and what happens without it."""

from dataclasses import replace

import pytest
from redis import Redis

from clicker.errors import Overloaded, TooManyRequests
from clicker.limits.service import DROPPED_S, LimitsService
from clicker.limits.store import HotLimits


class Timer:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def limits(services, settings, timer) -> LimitsService:
    """With windows of a day, so that none ends meanwhile."""
    long = replace(
        settings,
        limit_standard="8/day",
        limit_sensitive="3/day",
        limit_analytics="5/day",
        limit_burst="1000/day",
    )
    return LimitsService(long, HotLimits(services.redis), services.pace, timer=timer)


@pytest.fixture
def away(limits, settings) -> LimitsService:
    limits.store = HotLimits(Redis.from_url("redis://127.0.0.1:1"))
    return limits


def test_a_limit_counts_down_and_then_refuses_with_a_time(limits):
    rooms = [limits.count("sensitive", "open", "player:1") for _ in range(3)]
    assert [(room.limit, room.remaining) for room in rooms] == [(3, 2), (3, 1), (3, 0)]
    with pytest.raises(TooManyRequests) as refused:
        limits.count("sensitive", "open", "player:1")
    assert refused.value.limit == 3
    assert refused.value.retry_after > 60
    assert refused.value.reset > limits.now()
    assert limits.refused == limits.refused_by["sensitive"] == 1


def test_callers_and_calls_are_counted_apart(limits):
    for _ in range(3):
        limits.count("sensitive", "open", "player:1")
    assert limits.count("sensitive", "open", "player:2").remaining == 2
    assert limits.count("sensitive", "rename", "player:1").remaining == 2


def test_all_calls_of_a_caller_together_have_a_limit(limits, settings, services):
    brief = replace(settings, limit_burst="2/day")
    service = LimitsService(brief, HotLimits(services.redis), services.pace)
    service.count("standard", "a", "player:1")
    service.count("sensitive", "b", "player:1")
    with pytest.raises(TooManyRequests) as refused:
        service.count("standard", "c", "player:1")
    assert refused.value.limit == 2


def test_two_processes_count_together(limits, services, settings):
    other = LimitsService(
        replace(settings, limit_sensitive="3/day"), HotLimits(services.redis), services.pace
    )
    for service in (limits, other, limits):
        service.count("sensitive", "open", "player:1")
    with pytest.raises(TooManyRequests):
        other.count("sensitive", "open", "player:1")


def test_who_was_told_to_wait_is_refused_again_without_asking_the_store(limits, timer):
    for _ in range(3):
        limits.count("sensitive", "open", "player:1")
    with pytest.raises(TooManyRequests):
        limits.count("sensitive", "open", "player:1")
    limits.store = None  # whoever asks it now fails
    timer.now += 30
    with pytest.raises(TooManyRequests) as refused:
        limits.count("sensitive", "open", "player:1")
    assert refused.value.retry_after <= 24 * 3600 - 29


def test_limits_are_tighter_when_it_is_crowded_and_nothing_is_forgotten(limits, services):
    assert limits.count("standard", "me", "player:1").remaining == 7
    services.pace.hold("strained")
    room = limits.count("standard", "me", "player:1")
    assert (room.limit, room.remaining) == (4, 2)
    services.pace.hold("shedding")
    assert limits.count("standard", "me", "player:1").remaining == 0
    with pytest.raises(TooManyRequests):
        limits.count("standard", "me", "player:1")


def test_analytics_are_dropped_when_strained(limits, services):
    assert limits.count("analytics", "event", "player:1").remaining == 4
    services.pace.hold("strained")
    with pytest.raises(TooManyRequests) as refused:
        limits.count("analytics", "event", "player:1")
    assert refused.value.retry_after == DROPPED_S


def test_a_limit_that_is_off_counts_nothing(services, settings):
    off = replace(settings, limit_standard="", limit_burst="")
    service = LimitsService(off, HotLimits(services.redis), services.pace)
    assert {service.count("standard", "me", "player:1") for _ in range(200)} == {None}


def test_without_the_store_sensitive_calls_wait_and_others_go_on(away):
    with pytest.raises(Overloaded) as told:
        away.count("sensitive", "open", "player:1")
    assert told.value.retry_after
    assert away.count("standard", "me", "player:1") is None
    assert (away.closed, away.opened, away.refused) == (1, 1, 0)


def test_nobody_waits_for_a_store_that_has_just_failed(away, services, timer):
    away.count("standard", "me", "player:1")
    away.store = None  # whoever asks it now fails
    assert away.count("standard", "me", "player:1") is None
    away.store = HotLimits(services.redis)
    timer.now += 1.1
    assert away.count("standard", "me", "player:1").remaining == 7
