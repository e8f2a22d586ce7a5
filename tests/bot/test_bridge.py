"""Services are called in threads, with a limit, in the caller's language."""

import asyncio
import threading
import time

import pytest

from clicker import i18n
from clicker.bot import bridge
from clicker.bot.bridge import Bridge
from clicker.errors import UsernameTaken


def test_the_language_goes_along_into_another_thread() -> None:
    async def ask() -> tuple[str, int]:
        with i18n.language("ru"):
            return await Bridge()(lambda: (i18n.current(), threading.get_ident()))

    language, thread = asyncio.run(ask())
    assert language == "ru"
    assert thread != threading.get_ident()


def test_errors_come_back_as_they_are() -> None:
    def refuse() -> None:
        raise UsernameTaken

    with pytest.raises(UsernameTaken):
        asyncio.run(_call(refuse))


def test_a_call_that_takes_too_long_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "LIMIT_S", 0.05)
    free = threading.Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(_call(lambda: free.wait(5), then=free.set))
    assert time.monotonic() - began < 2


def test_what_waited_too_long_for_a_thread_is_never_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "LIMIT_S", 0.05)
    free, done = threading.Event(), []

    async def crowd() -> None:
        narrow = Bridge(threads=1)
        first, second = narrow(free.wait, 5), narrow(done.append, 1)
        results = await asyncio.gather(first, second, return_exceptions=True)
        assert all(isinstance(result, TimeoutError) for result in results)
        free.set()
        narrow.close()

    asyncio.run(crowd())
    assert done == []


async def _call(function, then=lambda: None) -> None:
    crossing = Bridge()
    try:
        await crossing(function)
    finally:
        then()
        crossing.close()
