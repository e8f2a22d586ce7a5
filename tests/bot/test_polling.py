"""An update is confirmed when it was handled and not before; conversations don't wait for each other."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetUpdates
from aiogram.types import Chat, Message, Update

from clicker.bot import polling
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

    async def __call__(self, call: GetUpdates, request_timeout: int) -> list[Update]:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop()
        self.offsets.append(call.offset)
        self.queue = [kept for kept in self.queue if kept.update_id >= (call.offset or 0)]
        if not self.queue and call.timeout:
            await asyncio.sleep(0.01)
        return self.queue[: call.limit]

    @property
    def waiting(self) -> list[int]:
        return [kept.update_id for kept in self.queue]


class Story:
    """A poller in a test: what it handled, and gates that hold handlers back."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.stop = asyncio.Event()
        self.handled: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.poller = Poller(telegram, self.handle, ["message"], self.stop)  # type: ignore[arg-type]

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
        telegram.queue.append(update(4, user=4))
        await story.until(lambda: story.handled == [2, 3, 4])
        assert telegram.waiting == [1, 2, 3, 4]
        gate.set()
        await story.until(lambda: not telegram.queue)

    assert tell(telegram, told).handled == [2, 3, 4, 1], "each one once, though they came again and again"


def test_one_conversation_is_handled_in_order() -> None:
    telegram = Telegram(*(update(number) for number in range(1, 6)))

    async def told(story: Story) -> None:
        gate = story.hold(1)
        await asyncio.sleep(0.05)
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
        await asyncio.sleep(0.02)
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


def test_a_failure_is_logged_without_the_token_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    telegram = Telegram(update(1))
    failure = TelegramNetworkError(method=GetUpdates(), message="no route to http://x/bot1:token/getUpdates")
    telegram.failures = [failure]
    tell(telegram, lambda story: story.until(lambda: not telegram.queue))
    assert "Telegram can't be reached" in caplog.text
    assert "1:token" not in caplog.text
    assert "Traceback" not in caplog.text


def test_the_window_is_as_large_as_one_answer() -> None:
    telegram = Telegram(*(update(number, user=number) for number in range(1, 151)))

    async def told(story: Story) -> None:
        gate = story.hold(1)
        await story.until(lambda: len(story.handled) == 99)
        await asyncio.sleep(0.05)
        assert len(story.handled) == 99
        gate.set()
        await story.until(lambda: not telegram.queue)

    assert len(tell(telegram, told).handled) == 150
