"""A stop by webhook: what was handled is answered 200, everything else 503, and so comes again."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiogram.types import Update

from clicker.bot import webhook
from clicker.bot.webhook import PATH, SECRET_HEADER, Webhook
from tests.bot.test_polling import update
from tests.processes import free_port

LIMIT_S = 5


class Story:
    """A webhook in this process; handlers wait for their gate."""

    def __init__(self) -> None:
        self.stop, self.gate = asyncio.Event(), asyncio.Event()
        self.begun: list[int] = []
        self.handled: list[int] = []
        self.url = ""

    async def handle(self, came: Update) -> None:
        self.begun.append(came.update_id)
        await self.gate.wait()
        self.handled.append(came.update_id)

    async def deliver(self, number: int, user: int = 1) -> int:
        """The status; 0 if nobody listens any more."""
        headers, body = {SECRET_HEADER: "secret"}, update(number, user).model_dump_json(exclude_unset=True)
        async with aiohttp.ClientSession() as session:
            try:
                async with session.post(self.url, headers=headers, data=body) as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:
                return 0

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.005)


def tell(told: Callable[[Story], Awaitable[None]]) -> Story:
    async def run() -> Story:
        story, port = Story(), free_port()
        story.url = f"http://127.0.0.1:{port}{PATH}"
        hook = Webhook(None, story.handle, "secret", story.stop)  # type: ignore[arg-type]
        running = asyncio.create_task(hook.run("127.0.0.1", port))
        try:
            async with asyncio.timeout(LIMIT_S):
                while await _refused(story):
                    await asyncio.sleep(0.01)
            await told(story)
        finally:
            story.stop.set()
            await asyncio.wait_for(running, LIMIT_S)
        return story

    return asyncio.run(run())


async def _refused(story: Story) -> bool:
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(story.url) as answer:
                return answer.status != 401
        except aiohttp.ClientConnectionError:
            return True


def test_what_has_begun_is_finished_and_answered_and_what_comes_later_is_left_to_others() -> None:
    async def told(story: Story) -> None:
        begun = asyncio.create_task(story.deliver(1))
        await story.until(lambda: story.begun == [1])
        story.stop.set()
        assert await story.deliver(2, user=2) in (0, 503)
        story.gate.set()
        assert await begun == 200

    assert tell(told).handled == [1]


def test_what_does_not_finish_in_time_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "GRACE_S", 0.05)

    async def told(story: Story) -> None:
        begun = [asyncio.create_task(story.deliver(number)) for number in (1, 2)]
        await story.until(lambda: story.begun == [1])
        story.stop.set()
        assert await asyncio.gather(*begun) == [503, 503], "so Telegram sends both again"

    story = tell(told)
    assert (story.begun, story.handled) == ([1], [])
