"""How often, how long, and what for."""

import pytest

from clicker.live.rules import Phase, Row, again_s, celebrated, interval_s, milestone, turned


@pytest.mark.parametrize(
    ("chats", "edits_per_s", "pace_s", "interval"),
    [(1, 20, 3, 3), (60, 20, 3, 3), (5000, 10, 3, 500), (100, 20, 60, 60), (1, 20, 0, None), (0, 20, 3, 3)],
)
def test_the_interval_is_the_longest_of_pace_and_budget(
    chats: int, edits_per_s: float, pace_s: int, interval: float | None
) -> None:
    assert interval_s(chats, edits_per_s, pace_s) == interval


def test_a_message_without_news_is_looked_at_more_often_but_not_by_thousands() -> None:
    assert again_s(1, 20) == 0.5
    assert again_s(20, 20) == 1
    assert again_s(5000, 10) == 500


@pytest.mark.parametrize(
    ("phase", "presence", "after"),
    [
        (Phase.IDLE, "", Phase.IDLE),
        (Phase.IDLE, "active", Phase.ACTIVE),
        (Phase.IDLE, "paused", Phase.IDLE),
        (Phase.ACTIVE, "active", Phase.ACTIVE),
        (Phase.ACTIVE, "paused", Phase.PAUSED),
        (Phase.PAUSED, "paused", Phase.PAUSED),
        (Phase.PAUSED, "active", Phase.ACTIVE),
        (Phase.PAUSED, "closed", Phase.IDLE),
    ],
)
def test_a_message_turns_to_paused_for_somebody_who_played(phase: Phase, presence: str, after: Phase) -> None:
    assert turned(phase, presence) is after


def test_a_message_is_lively_for_a_quarter_of_an_hour() -> None:
    row = Row(1, 2, seen=1000)
    assert row.lively(1899)
    assert not row.lively(1900)


@pytest.mark.parametrize(
    ("clicks", "reached"), [(0, 0), (99, 0), (100, 100), (999, 100), (1000, 1000), (10**6, 10**6)]
)
def test_milestones_are_powers_of_ten_from_a_hundred_on(clicks: int, reached: int) -> None:
    assert milestone(clicks) == reached


def test_a_milestone_is_celebrated_when_it_is_passed_and_not_again() -> None:
    assert celebrated(50, 5000) == 1000
    assert celebrated(1000, 1001) == 0
    assert celebrated(5000, 5000) == 0
