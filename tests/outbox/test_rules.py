"""The limits, the retries and the meaning of Telegram's refusals."""

from random import Random

import pytest

from clicker.outbox import rules
from clicker.outbox.rules import BOT, Buckets, Charge, Lane, Rate, edit_budget, retry_s

NOW = 1_800_000_000.0


def most_in(window_s: float, rate: Rate, seconds: float = 300, step_s: float = 0.01) -> int:
    """The most that a greedy sender gets through in any window of this length."""
    full_at, sent = 0.0, []
    for step in range(int(seconds / step_s)):
        now = NOW + step * step_s
        while not rate.wait_s(full_at, now):
            full_at = rate.after(full_at, now)
            sent.append(now)
    return max(
        sum(first <= at < first + window_s for at in sent) for first in sent[:: max(1, len(sent) // 50)]
    )


def test_a_greedy_bot_stays_under_thirty_in_any_second() -> None:
    assert most_in(1.0, rules.BOT, seconds=20) <= 30


def test_a_greedy_group_gets_at_most_twenty_in_any_minute() -> None:
    assert most_in(60.0, rules.GROUP) <= 20


def test_a_chat_gets_one_a_second_and_two_at_once() -> None:
    assert most_in(0.5, rules.CHAT) == 2
    assert most_in(10.0, rules.CHAT) <= 11


def test_a_chat_gets_an_edit_every_three_seconds() -> None:
    assert most_in(60.0, rules.CHAT_EDITS) <= 23
    assert rules.CHAT_EDITS.per_second == pytest.approx(1 / 3)


def test_an_edit_counts_for_bot_chat_and_edits_and_a_group_for_its_minute() -> None:
    assert [name for name, _ in Charge(7, edit=True).rates()] == ["bot", "chat:7", "edits:7"]
    assert [name for name, _ in Charge(-7).rates()] == ["bot", "chat:-7", "group:-7"]
    assert [name for name, _ in Charge(None).rates()] == ["bot"]


def test_live_edits_leave_a_token_to_an_answer_that_may_come() -> None:
    buckets = Buckets()
    taken = [buckets.take(Charge(chat, Lane.LIVE), NOW).wait_s == 0 for chat in range(1, 5)]
    assert taken == [True, True, False, False]
    assert not buckets.take(Charge(9), NOW).wait_s


def test_live_edits_leave_an_edit_of_the_chat_to_a_button_that_may_be_pressed() -> None:
    buckets = Buckets()

    def edited(lane: Lane, at: float) -> bool:
        return not buckets.take(Charge(7, lane, edit=True), at).wait_s

    assert [edited(Lane.LIVE, NOW + seconds) for seconds in (0, 1.1, 2.2)] == [True, True, False]
    assert edited(Lane.ANSWER, NOW + 2.2)


def test_while_an_answer_waits_everything_else_stands_back() -> None:
    buckets = Buckets()
    while not buckets.take(Charge(None), NOW).wait_s:
        pass
    later = NOW + 1 / BOT.per_second
    assert buckets.take(Charge(5, Lane.LIVE), later).everyone
    assert not buckets.take(Charge(6), later).wait_s


def test_live_messages_get_what_answers_leave_but_never_nothing() -> None:
    assert edit_budget(0) == pytest.approx(0.75 * 27)
    assert edit_budget(15) == pytest.approx(9)
    assert edit_budget(1000) == rules.LEAST_EDITS


def test_retries_wait_longer_each_time_and_not_all_at_once() -> None:
    random = Random(1)
    waits = {attempt: [retry_s(attempt, random) for _ in range(200)] for attempt in (1, 2, 3, 20)}
    assert 0.25 <= min(waits[1]) < max(waits[1]) <= 0.75
    assert sum(waits[3]) > sum(waits[2]) > sum(waits[1])
    assert max(waits[20]) <= 1.5 * rules.LONGEST_RETRY_S


@pytest.mark.parametrize(
    ("description", "chat", "message"),
    [
        ("Forbidden: bot was blocked by the user", True, False),
        ("Forbidden: user is deactivated", True, False),
        ("Bad Request: chat not found", True, False),
        ("Bad Request: message to edit not found", False, True),
        ("Bad Request: message can't be edited", False, True),
        ("Bad Request: message is not modified", False, False),
    ],
)
def test_a_chat_that_is_gone_is_told_from_a_message_that_is(
    description: str, chat: bool, message: bool
) -> None:
    assert rules.chat_is_gone(description) is chat
    assert rules.message_is_gone(description) is message
