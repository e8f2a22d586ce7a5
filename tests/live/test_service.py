"""Which live message is whose turn, in the hot store."""

import pytest

from clicker.live.rules import AGAIN_S, ASKED_KEPT_S, BETWEEN_S, LEAD_S, LEASE_S, Phase, Row
from clicker.live.service import BY_REQUEST_S
from clicker.wiring import Services
from tests.conftest import FakeClock

ALICE, BOB = 1001, 1002


def show(services: Services, chat: int = ALICE, message_id: int = 7) -> int:
    return services.live.show(chat, message_id, "digest", Phase.IDLE, 0)


def turns(services: Services) -> list[int]:
    return [row.chat for row in services.live.claim(10, 10).turn]


def asks(services: Services) -> list[int]:
    return [row.chat for row in services.live.claim(0, 10).asked]


def edited(services: Services, row: Row, begun: float) -> bool:
    return services.live.shown(row, begun, "other", Phase.IDLE, 5)


def test_one_message_with_news_has_its_turn_every_three_seconds(services: Services, clock: FakeClock) -> None:
    """They count from the beginning of an edit and leave some time for the next; a long wait does not add up."""
    show(services)
    clock.move(BETWEEN_S - LEAD_S)
    for took, left in ((0.1, 2.75), (LEAD_S, 2.7), (0.3, 2.7), (2.0, 2.7)):
        [row] = services.live.claim(10, 10).turn
        begun = clock()
        clock.move(took)
        assert edited(services, row, begun)
        claimed = services.live.claim(10, 10)
        assert (claimed.turn, claimed.asked) == ([], [])
        assert claimed.next_s == pytest.approx(left, abs=0.01)
        clock.move(claimed.next_s)


def test_a_message_without_news_is_looked_at_again_soon(services: Services, clock: FakeClock) -> None:
    """What happens between an edit and the next look is shown within three seconds, whenever that is."""
    show(services)
    clock.move(BETWEEN_S)
    for _ in range(5):
        [row] = services.live.claim(10, 10).turn
        services.live.unchanged(row, Phase.IDLE)
        assert turns(services) == []
        clock.move(AGAIN_S)


def test_nobody_is_renewed_twice_at_once_and_what_was_asked_meanwhile_follows(
    services: Services, clock: FakeClock
) -> None:
    show(services)
    clock.move(BETWEEN_S)
    services.live.ask(ALICE)
    [row] = services.live.claim(10, 10).asked
    begun = clock()
    services.live.ask(ALICE)
    assert (turns(services), asks(services)) == ([], []), "the edit is on its way"
    clock.move(1.5)
    assert (turns(services), asks(services)) == ([], []), "and slow"
    assert edited(services, row, begun)
    assert (turns(services), asks(services)) == ([], []), "there was one just now"
    clock.move(BETWEEN_S - 2 * LEAD_S)
    assert asks(services) == [ALICE]


def test_what_is_asked_during_a_look_without_news_is_heard_after_it(
    services: Services, clock: FakeClock
) -> None:
    show(services)
    clock.move(BETWEEN_S)
    [row] = services.live.claim(10, 10).turn
    services.live.ask(ALICE)
    assert asks(services) == []
    services.live.unchanged(row, Phase.IDLE)
    assert asks(services) == [ALICE]


def test_what_is_asked_after_a_failure_does_not_wait_for_the_lease(
    services: Services, clock: FakeClock
) -> None:
    show(services)
    clock.move(BETWEEN_S)
    assert turns(services) == [ALICE]
    services.live.failed(ALICE)
    assert turns(services) == [], "by itself it waits"
    services.live.ask(ALICE)
    assert asks(services) == [ALICE]


def test_a_turn_belongs_to_one_process_until_its_lease_ends(services: Services, clock: FakeClock) -> None:
    show(services)
    clock.move(3)
    assert turns(services) == [ALICE]
    assert turns(services) == []
    clock.move(LEASE_S)
    assert turns(services) == [ALICE], "the one that had it died"


def test_the_one_that_waited_longest_comes_first(services: Services, clock: FakeClock) -> None:
    for chat in range(1, 6):
        show(services, chat)
        clock.move(0.1)
    clock.move(60)
    assert [row.chat for row in services.live.claim(3, 0).turn] == [1, 2, 3]


def test_asking_brings_a_message_forward_but_not_within_three_seconds(
    services: Services, clock: FakeClock
) -> None:
    show(services)
    for _ in range(100):
        services.live.ask(ALICE)
    assert asks(services) == []
    clock.move(BETWEEN_S)
    assert asks(services) == [ALICE]
    assert asks(services) == [], "a hundred presses ask once"


def test_an_ask_that_found_no_room_is_dropped(services: Services, clock: FakeClock) -> None:
    show(services)
    clock.move(BETWEEN_S)
    services.live.ask(ALICE)
    clock.move(ASKED_KEPT_S + 1)
    assert asks(services) == []


def test_asking_without_a_live_message_does_nothing(services: Services) -> None:
    services.live.ask(BOB)
    assert asks(services) == []


def test_a_newer_message_takes_over_and_the_older_one_is_named(services: Services, clock: FakeClock) -> None:
    assert show(services, message_id=7) == 0
    assert show(services, message_id=7) == 0
    clock.move(3)
    [row] = services.live.claim(10, 10).turn
    assert show(services, message_id=9) == 7
    assert not services.live.current(row)
    assert not edited(services, row, clock()), "what was claimed before changes nothing now"
    found = services.live.find(ALICE)
    assert found
    assert (found.message_id, found.digest) == (9, "digest")


def test_a_stopped_message_has_no_turn(services: Services, clock: FakeClock) -> None:
    show(services)
    assert services.live.stop(ALICE, 8) == 0, "that is another message"
    assert services.live.stop(ALICE, 7) == 7
    clock.move(60)
    assert turns(services) == []
    assert services.live.count() == 0


def test_whoever_does_something_keeps_the_message_alive(services: Services, clock: FakeClock) -> None:
    show(services)
    services.live.see(BOB)
    clock.move(800)
    services.live.see(ALICE)
    clock.move(800)
    [row] = services.live.claim(10, 10).turn
    assert row.lively(clock())


def test_when_pace_sheds_messages_are_renewed_on_request_only(services: Services, clock: FakeClock) -> None:
    services.pace.hold("shedding")
    show(services)
    services.live.ask(ALICE)
    clock.move(BETWEEN_S)
    assert services.live.interval_s() is None
    claimed = services.live.claim(10, 10)
    assert (claimed.turn, [row.chat for row in claimed.asked]) == ([], [ALICE])
    services.pace.release()
    clock.move(BY_REQUEST_S)
    assert turns(services) == [ALICE]


def test_many_chats_share_the_budget(services: Services) -> None:
    for chat in range(1, 501):
        show(services, chat)
    assert services.live.interval_s() == 500 / services.outbox.edit_budget() > 20


def test_a_pause_is_told_even_if_no_turn_came_while_the_player_was_active(
    services: Services, clock: FakeClock
) -> None:
    show(services)
    clock.move(BETWEEN_S)
    services.live.paused([ALICE, BOB])
    [row] = services.live.claim(0, 10).asked
    assert (row.chat, row.phase) == (ALICE, Phase.ACTIVE)
