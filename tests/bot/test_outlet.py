"""The one way out to Telegram: what waits, what is tried again, what is noted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageText,
    GetMe,
    GetUpdates,
    SendMessage,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)

from clicker.bot import outlet as way_out
from clicker.bot import turns as turns_module
from clicker.bot.backoff import Trouble
from clicker.bot.breaker import FAILURES, FIRST_S, LONGEST_S, Breaker, Cut
from clicker.bot.charging import charge, going
from clicker.bot.outlet import Outlet
from clicker.bot.turns import Late, Turns
from clicker.outbox.rules import Charge, Lane, Verdict

ALICE = 1001
SEND = SendMessage(chat_id=ALICE, text="hello")


class Town:
    """An outlet with nothing behind it: what was sent, noted and paused."""

    token = "1:abc"

    def __init__(self) -> None:
        self.begun: list[Any] = []
        self.sent: list[TelegramMethod[Any]] = []
        self.failures: list[Exception] = []
        self.noted: list[Any] = []
        self.closed = False
        self.gate: asyncio.Event | None = None
        self.outlet = Outlet(Turns(self.take), self.note, self.note, self.left)

    def take(self, charged: Charge) -> Verdict:
        return Verdict(0.02, everyone=True) if self.closed else Verdict(0)

    async def note(self, what: float) -> None:
        self.noted.append(what)

    async def left(self, chat: int, message_id: int) -> None:
        self.noted.append((chat, message_id))

    async def request(self, _bot: Any, method: TelegramMethod[Any]) -> Any:
        self.begun.append(method)
        if self.gate:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(method)
        return len(self.sent)

    async def call(self, method: TelegramMethod[Any]) -> Any:
        return await self.outlet(self.request, self, method)  # type: ignore[arg-type]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0.005)


def tell(story: Callable[[Town], Awaitable[None]]) -> Town:
    async def run() -> Town:
        town = Town()
        try:
            await story(town)
        finally:
            await town.outlet.close()
        return town

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way_out, "retry_s", lambda attempt, random: 0.01)


def edit(text: str, message_id: int = 7) -> EditMessageText:
    return EditMessageText(chat_id=ALICE, message_id=message_id, text=text)


def test_every_call_is_charged_but_those_that_telegram_does_not_limit() -> None:
    assert charge(SEND) == Charge(ALICE)
    assert charge(edit("x")) == Charge(ALICE, edit=True)
    assert charge(DeleteMessage(chat_id=ALICE, message_id=7)) == Charge(None, Lane.CHORE)
    assert charge(SetMyCommands(commands=[])) == Charge(None)
    assert charge(GetUpdates()) is charge(AnswerCallbackQuery(callback_query_id="1")) is None
    assert charge(SetWebhook(url="")) is None
    with going(Lane.LIVE):
        assert charge(edit("x")) == Charge(ALICE, Lane.LIVE, edit=True)


def test_an_answer_to_a_press_never_waits() -> None:
    async def story(town: Town) -> None:
        town.closed = True
        waiting = asyncio.create_task(town.call(SEND))
        await town.call(AnswerCallbackQuery(callback_query_id="1"))
        assert len(town.sent) == 1
        await town.until(lambda: town.outlet.turns.waiting == 1)
        town.closed = False
        await waiting

    assert len(tell(story).sent) == 2


def test_retry_after_is_told_to_all_and_the_message_follows() -> None:
    async def story(town: Town) -> None:
        town.failures = [TelegramRetryAfter(method=SEND, message="Too Many Requests", retry_after=3)]
        await town.call(SEND)

    town = tell(story)
    assert (town.noted, len(town.sent)) == ([3], 1)
    assert town.outlet.turns.counted["refused"] == 1


def test_a_failure_that_passes_is_tried_again_and_one_that_stays_is_raised() -> None:
    async def story(town: Town) -> None:
        town.failures = [TelegramNetworkError(method=SEND, message="reset")] * 2
        await town.call(SEND)
        town.failures = [TelegramNetworkError(method=SEND, message="reset")] * 3
        with pytest.raises(TelegramNetworkError):
            await town.call(SEND)

    assert tell(story).outlet.turns.counted["retried"] == 4


def test_telegram_being_away_is_one_line_in_the_log_and_another_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However many calls fail, of whichever kind: getMe, getUpdates and messages share the line."""

    async def story(town: Town) -> None:
        for method in (GetMe(), GetUpdates(), SEND) * 4:
            town.failures = [
                TelegramNetworkError(method=method, message="no route to http://x/bot1:abc/")
            ] * 3
            with pytest.raises(TelegramNetworkError):
                await town.call(method)
            town.failures = []
        await town.call(SEND)
        await town.call(SEND)

    with caplog.at_level("INFO"):
        tell(story)
    assert [record.message for record in caplog.records] == [
        "Telegram can't be reached (no route to http://x/bot<token>/); tried again until it works",
        "Telegram answers again",
    ]


def test_a_wrong_token_is_one_line_and_a_refusal_is_none(caplog: pytest.LogCaptureFixture) -> None:
    async def story(town: Town) -> None:
        for _ in range(10):
            town.failures = [TelegramUnauthorizedError(method=GetMe(), message="Unauthorized")]
            with pytest.raises(TelegramUnauthorizedError):
                await town.call(GetMe())
        town.failures = [TelegramBadRequest(method=SEND, message="Bad Request: message text is empty")]
        with pytest.raises(TelegramBadRequest):
            await town.call(SEND)

    tell(story)
    assert [record.message for record in caplog.records] == [
        "Telegram does not accept BOT_TOKEN; tried again until it works"
    ]


def test_a_trouble_that_comes_and_goes_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    trouble = Trouble("well again", lambda: now[0])
    for second in range(150):
        now[0] = second
        trouble.tell("kind", "away")
        trouble.over()
    assert [record.message for record in caplog.records].count("away; tried again until it works") == 3


def test_a_chat_that_is_gone_is_noted_and_raised() -> None:
    async def story(town: Town) -> None:
        for error in (
            TelegramForbiddenError(method=SEND, message="Forbidden: bot was blocked by the user"),
            TelegramBadRequest(method=SEND, message="Bad Request: message text is empty"),
        ):
            town.failures = [error]
            with pytest.raises(type(error)):
                await town.call(SEND)

    assert tell(story).noted == [ALICE]


def test_edits_that_wait_collapse_into_the_newest() -> None:
    async def story(town: Town) -> None:
        town.closed = True
        with going(Lane.LIVE):
            calls = [asyncio.create_task(town.call(edit(str(number)))) for number in range(10)]
        await town.until(lambda: town.outlet.turns.counted["collapsed"] >= 8)
        town.closed = False
        await asyncio.gather(*calls)

    assert [method.text for method in tell(story).sent] == ["9"]


def test_a_handler_does_not_wait_long_for_its_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way_out, "EDIT_S", 0.02)

    async def story(town: Town) -> None:
        town.closed = True
        assert await town.call(edit("first")) is True
        assert await town.call(edit("second")) is True
        town.closed = False
        await town.until(lambda: bool(town.sent))

    town = tell(story)
    assert [method.text for method in town.sent] == ["second"]
    assert town.noted == [(ALICE, 7)] * 2, "the live message was left before it was changed"


def test_chores_keep_nobody_waiting_and_their_failure_is_nobodys() -> None:
    async def story(town: Town) -> None:
        town.closed = True
        assert await town.call(DeleteMessage(chat_id=ALICE, message_id=7)) is True
        town.failures = [TelegramBadRequest(method=SEND, message="Bad Request: message to delete not found")]
        town.closed = False
        await town.until(lambda: not town.failures)

    assert tell(story).sent == []


def test_messages_of_one_chat_do_not_overtake_each_other() -> None:
    async def story(town: Town) -> None:
        town.gate = asyncio.Event()
        calls = [
            asyncio.create_task(town.call(SendMessage(chat_id=chat, text=text)))
            for text, chat in (("a", ALICE), ("b", ALICE), ("c", 1002))
        ]
        await town.until(lambda: len(town.begun) == 2)
        assert {call.chat_id for call in town.begun} == {ALICE, 1002}, "one of each chat is on its way"
        town.gate.set()
        await asyncio.gather(*calls)

    texts = [method.text for method in tell(story).sent]
    assert texts.index("a") < texts.index("b")


def test_what_waits_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(turns_module.PATIENCE_S, Lane.ANSWER, 0.05)

    async def story(town: Town) -> None:
        town.closed = True
        with pytest.raises(Late):
            await town.call(SEND)
        town.closed = False
        await town.call(SEND)

    assert len(tell(story).sent) == 1


def away() -> TelegramNetworkError:
    return TelegramNetworkError(method=SEND, message="away")


def test_while_telegram_is_away_only_answers_are_tried_until_one_call_is_answered() -> None:
    async def story(town: Town) -> None:
        town.failures = [away() for _ in range(FAILURES)]
        for _ in range(FAILURES):
            with pytest.raises(TelegramNetworkError):
                await town.call(GetUpdates())
        assert town.outlet.breaker.open
        with going(Lane.LIVE), pytest.raises(Cut):
            await town.call(edit("not even tried"))
        assert await town.call(DeleteMessage(chat_id=ALICE, message_id=7)), "a chore's failure is nobody's"
        assert len(town.begun) == FAILURES
        assert await town.call(SEND), "a player waits for it"
        with going(Lane.LIVE):
            assert await town.call(edit("sent"))

    assert [type(method) for method in tell(story).sent] == [SendMessage, EditMessageText]


def test_an_open_circuit_lets_one_call_try_now_and_then() -> None:
    at = [100.0]
    breaker = Breaker(now=lambda: at[0])
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.check()
    breaker.failed()
    pause = FIRST_S
    for _ in range(6):
        with pytest.raises(Cut):
            breaker.check()
        at[0] += pause * 1.25
        breaker.check()
        breaker.failed()
        pause = min(pause * 2, LONGEST_S)
    breaker.answered()
    assert not breaker.open
    breaker.check()


def test_a_refusal_is_an_answer() -> None:
    async def story(town: Town) -> None:
        for _ in range(FAILURES * 2):
            town.failures = [TelegramBadRequest(method=SEND, message="chat not found")]
            with pytest.raises(TelegramBadRequest):
                await town.call(SEND)
        assert not town.outlet.breaker.open

    tell(story)
