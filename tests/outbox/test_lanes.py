"""Whose turn it is among those that wait in one process."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clicker.outbox import lanes as room
from clicker.outbox.lanes import Full, Lanes, Ticket
from clicker.outbox.rules import Charge, Lane

NOW = 100.0


def ticket(chat: int | None, lane: Lane = Lane.ANSWER, message_id: int = 0, name: str = "") -> Ticket[str]:
    return Ticket(Charge(chat, lane, edit=bool(message_id)), name, message_id)


def order(lanes: Lanes[str]) -> list[str]:
    taken = []
    while found := lanes.next(NOW):
        taken.append(found.payload)
        lanes.done(found)
    return taken


def test_answers_go_before_live_edits_and_chores_come_last() -> None:
    lanes: Lanes[str] = Lanes()
    for number, lane in enumerate((Lane.CHORE, Lane.ASKED, Lane.LIVE, Lane.ANSWER)):
        lanes.put(ticket(number, lane, name=lane.name))
    assert order(lanes) == ["ANSWER", "LIVE", "ASKED", "CHORE"]


def test_one_chat_keeps_its_order_and_does_not_hold_up_others() -> None:
    lanes: Lanes[str] = Lanes()
    for name in ("a1", "a2", "a3", "b1"):
        lanes.put(ticket(ord(name[0]), name=name))
    first = lanes.next(NOW)
    assert first
    assert first.payload == "a1"
    second = lanes.next(NOW)
    assert second
    assert second.payload == "b1", "a's second waits until its first has arrived"
    assert lanes.next(NOW) is None
    lanes.done(first)
    assert order(lanes) == ["a2", "a3"]


def test_a_newer_edit_of_a_message_takes_the_place_of_one_that_waits() -> None:
    lanes: Lanes[str] = Lanes()
    old = ticket(1, message_id=7, name="old")
    assert lanes.put(old) is None
    assert lanes.put(ticket(1, message_id=8, name="another")) is None
    assert lanes.put(ticket(1, message_id=7, name="new")) is old
    assert order(lanes) == ["another", "new"]


def test_a_players_edit_outdates_a_live_one_whichever_came_first() -> None:
    lanes: Lanes[str] = Lanes()
    live, pressed = ticket(1, Lane.LIVE, 7, "live"), ticket(1, Lane.ANSWER, 7, "pressed")
    lanes.put(live)
    assert lanes.put(pressed) is live
    late = ticket(1, Lane.LIVE, 7, "late")
    assert lanes.put(late) is late
    assert order(lanes) == ["pressed"]


def test_what_could_not_go_keeps_its_place_and_its_chat_waits() -> None:
    lanes: Lanes[str] = Lanes()
    for name in ("a1", "a2", "b1"):
        lanes.put(ticket(ord(name[0]), name=name))
    first = lanes.next(NOW)
    assert first
    assert lanes.put_back(first, NOW + 1) is None
    assert order(lanes) == ["b1"]
    assert lanes.wakes_at() == NOW + 1
    again = lanes.next(NOW + 1)
    assert again is first


def test_a_live_edit_that_has_to_wait_holds_up_no_answer_in_its_chat() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.put(ticket(1, Lane.LIVE, 7, "live"))
    live = lanes.next(NOW)
    assert live
    assert lanes.put_back(live, NOW + 1) is None
    lanes.put(ticket(1, Lane.ASKED, 8, "asked"))
    lanes.put(ticket(1, name="answer"))
    assert order(lanes) == ["answer"]
    lanes.put(ticket(1, name="refused"))
    answer = lanes.next(NOW)
    assert answer
    assert lanes.put_back(answer, NOW + 2) is None
    assert lanes.next(NOW + 1) is None, "what an answer may not, others may not either"
    assert [found.payload for found in (lanes.next(NOW + 2),) if found] == ["refused"]


def test_what_is_put_back_after_a_newer_edit_came_is_superfluous() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.put(ticket(1, message_id=7, name="old"))
    old = lanes.next(NOW)
    assert old
    lanes.put(ticket(1, message_id=7, name="new"))
    assert lanes.put_back(old) is old
    assert order(lanes) == ["new"]


def test_lanes_are_bounded_and_so_is_one_chats_share() -> None:
    lanes: Lanes[str] = Lanes()
    for _ in range(room.PER_CHAT):
        lanes.put(ticket(1))
    with pytest.raises(Full):
        lanes.put(ticket(1))
    for _ in range(room.PER_GROUP):
        lanes.put(ticket(-1))
    with pytest.raises(Full):
        lanes.put(ticket(-1))
    for chat in range(2, room.LIMITS[Lane.LIVE] + 2):
        lanes.put(ticket(chat, Lane.LIVE))
    with pytest.raises(Full):
        lanes.put(ticket(9999, Lane.LIVE))


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(Lane), st.integers(0, 3)), max_size=80))
def test_everything_comes_out_once_or_is_outdated(story: list[tuple[int, Lane, int]]) -> None:
    lanes: Lanes[str] = Lanes()
    outdated = refused = 0
    for number, (chat, lane, message_id) in enumerate(story):
        try:
            outdated += lanes.put(ticket(chat, lane, message_id, str(number))) is not None
        except Full:
            refused += 1
    taken = order(lanes)
    assert len(taken) == len(set(taken)) == len(story) - outdated - refused
    assert len(lanes) == 0
    assert not any(lanes.waiting(lane) for lane in Lane)
