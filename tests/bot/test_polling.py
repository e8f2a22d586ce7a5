"""An update is confirmed when it was handled and not before; conversations don't wait for each other."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.exceptions import TelegramConflictError
from aiogram.methods import GetUpdates
from aiogram.types import Chat, Message, Update

from clicker.bot import backoff, polling
from clicker.bot.polling import Poller

LIMIT_S = 5


def update(number: int, user: int = 1) -> Update:
    chat = Chat(id=user, type="private", first_name="Zoe")
    return Update(update_id=number, message=Message(message_id=number, date=datetime.now(UTC), chat=chat))


class Telegram:
    """Keeps updates until they are confirmed, as Telegram does."""

    token = "1:token"

    def __init__(self, *updates: Update) -> None:
        self.queue = list(updates)
        self.failures: list[Exception] = []
        self.offsets: list[int | None] = []
        self.arrived = asyncio.Event()

    async def __call__(self, call: GetUpdates, request_timeout: int) -> list[Update]:
        if self.failures:
            raise self.failures.pop()
        self.offsets.append(call.offset)
        self.queue = [kept for kept in self.queue if kept.update_id >= (call.offset or 0)]
        if not self.queue and call.timeout:
            await self.arrived.wait()
        return self.queue[: call.limit]

    def send(self, update: Update) -> None:
        self.queue.append(update)
        self.arrived.set()

    @property
    def waiting(self) -> list[int]:
        return [kept.update_id for kept in self.queue]


class Counted(Poller):
    """Counts its rounds, so that a test can wait until nothing more happens."""

    rounds = 0

    async def _pause(self, pause_s: float) -> None:
        self.rounds += 1
        await super()._pause(pause_s)


class Story:
    """A poller in a test: what it handled, and gates that hold handlers back."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.stop = asyncio.Event()
        self.handled: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.poller = Counted(telegram, self.handle, ["message"], self.stop)  # type: ignore[arg-type]

    def hold(self, number: int) -> asyncio.Event:
        return self.gates.setdefault(number, asyncio.Event())

    async def handle(self, came: Update) -> None:
        if gate := self.gates.get(came.update_id):
            await gate.wait()
        self.handled.append(came.update_id)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.005)

    async def rounds(self) -> None:
        """Waits until the poller has looked three times more: what it had to begin has begun by then."""
        before = self.poller.rounds
        await self.until(lambda: self.poller.rounds >= before + 3)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr(polling, "QUIET_S", 0.01)


def tell(telegram: Telegram, told: Callable[[Story], Awaitable[Any]]) -> Story:
    """Runs a poller while the story is told, then stops it."""

    async def run() -> Story:
        story = Story(telegram)
        running = asyncio.create_task(story.poller.run())
        try:
            await told(story)
        finally:
            story.stop.set()
            await asyncio.wait_for(running, LIMIT_S)
        return story

    return asyncio.run(run())


def test_what_is_handled_is_confirmed() -> None:
    telegram = Telegram(update(10), update(11, user=2), update(15))
    tell(telegram, lambda story: story.until(lambda: not telegram.queue))
    assert telegram.offsets[0] is None
    assert telegram.offsets[-1] == 16


def test_a_slow_update_is_not_confirmed_and_holds_up_nobody_else() -> None:
    telegram = Telegram(update(1, user=1), update(2, user=2), update(3, user=3))

    async def told(story: Story) -> None:
        gate = story.hold(1)
        await story.until(lambda: story.handled == [2, 3])
        telegram.send(update(4, user=4))
        await story.until(lambda: story.handled == [2, 3, 4])
        assert telegram.waiting == [1, 2, 3, 4]
        gate.set()
        await story.until(lambda: not telegram.queue)

    assert tell(telegram, told).handled == [2, 3, 4, 1], "each one once, though they came again and again"


def test_one_conversation_is_handled_in_order() -> None:
    telegram = Telegram(*(update(number) for number in range(1, 6)))

    async def told(story: Story) -> None:
        gate = story.hold(1)
        await story.rounds()
        assert not story.handled
        gate.set()
        await story.until(lambda: not telegram.queue)

    assert tell(telegram, told).handled == [1, 2, 3, 4, 5]


def test_a_stop_finishes_what_has_begun_and_leaves_the_rest_unconfirmed() -> None:
    telegram = Telegram(update(1, user=1), update(2, user=2), update(3, user=2))

    async def told(story: Story) -> None:
        gate = story.hold(2)
        await story.until(lambda: story.handled == [1])
        story.stop.set()
        gate.set()

    assert tell(telegram, told).handled == [1, 2]
    assert telegram.waiting == [3]


def test_a_handler_that_does_not_end_is_not_confirmed_at_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "GRACE_S", 0.05)
    telegram = Telegram(update(1), update(2, user=2))

    async def told(story: Story) -> None:
        story.hold(1)
        await story.until(lambda: story.handled == [2])

    tell(telegram, told)
    assert telegram.waiting == [1, 2]


def test_a_handler_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "HANDLED_WITHIN_S", 0.05)
    telegram = Telegram(update(1), update(2))

    async def told(story: Story) -> None:
        story.hold(1)
        await story.until(lambda: not telegram.queue)

    assert tell(telegram, told).handled == [2]


def test_another_poller_is_one_line_in_the_log_and_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.001)
    telegram = Telegram(update(1))
    conflict = TelegramConflictError(method=GetUpdates(), message="Conflict: other getUpdates of bot1:token")
    telegram.failures = [conflict] * 5
    with caplog.at_level("INFO"):
        tell(telegram, lambda story: story.until(lambda: not telegram.queue))
    assert [record.message for record in caplog.records] == [
        "no updates: somebody else takes this bot's updates (Conflict: other getUpdates of bot<token>)"
        "; tried again until it works",
        "updates come in again",
    ]


def test_somebody_who_floods_is_answered_first_and_last_and_holds_up_nobody() -> None:
    telegram = Telegram(*(update(number) for number in range(1, 121)), update(121, user=2))

    async def told(story: Story) -> None:
        first, last = story.hold(1), story.hold(100)
        await story.rounds()
        first.set()
        await story.until(lambda: 121 in story.handled)
        assert story.handled == [1, 121], "while the flood's last word is still being answered"
        last.set()
        await story.until(lambda: not telegram.queue)

    assert tell(telegram, told).handled == [1, 121, *range(100, 121)]


def test_the_window_is_as_large_as_one_answer() -> None:
    telegram = Telegram(*(update(number, user=number) for number in range(1, 151)))

    async def told(story: Story) -> None:
        gate = story.hold(1)
        await story.until(lambda: len(story.handled) == 99)
        polls = len(telegram.offsets)
        telegram.send(update(151, user=151))
        await story.rounds()
        assert (len(story.handled), len(telegram.offsets)) == (99, polls)
        gate.set()
        await story.until(lambda: not telegram.queue)

    assert len(tell(telegram, told).handled) == 151
