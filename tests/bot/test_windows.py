"""Between any two steps the bot may die, and any update may come to two processes: what does the player see then?"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiogram.types import Update

from clicker.bot import app
from clicker.settings import Settings
from sandbox.state import Json
from tests.bot.walk import Street, buttons
from tests.conftest import empty

ALICE = 800_001


class Killed(BaseException):
    """kill -9: no handler of the bot sees it."""


@pytest.fixture
def street(alone: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """Alice has a username and a live message."""
    monkeypatch.setenv("SANDBOX_LIMITS", "off")
    built = Street(alone)
    empty(built.services)
    try:
        for text in ("/start", "alice"):
            built.write(ALICE, text=text)
            built.settle()
        yield built
    finally:
        built.close()


def live(street: Street) -> int:
    row = street.services.live.find(ALICE)
    assert row
    return row.message_id


def message(street: Street, message_id: int) -> Json:
    return dict(street.parts.state.chat(ALICE).messages[message_id])


def test_killed_between_sending_a_main_message_and_registering_it(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: Any) -> None:
        raise Killed

    older = live(street)
    street.write(ALICE, text="/start")
    [came] = street.parts.updates.queue
    with monkeypatch.context() as patch:
        patch.setattr("clicker.bot.live.Live.begin", killed)
        with pytest.raises(Killed):
            street.settle()
    orphan = street.messages(ALICE)[-1]["message_id"]
    assert live(street) == older, "the orphan was sent and is not registered"

    street.parts.updates.queue.append(came)  # it was not confirmed
    street.settle()
    street.renew()
    newest = live(street)
    assert newest > orphan
    assert "Standing still since" in message(street, older)["text"]
    assert "Updated" in message(street, orphan)["text"], "it says of when it is, which is true"

    [refresh] = [b for b in buttons(message(street, orphan)) if "Refresh" in b["text"]]
    street.press(ALICE, orphan, refresh["callback_data"])
    street.settle()
    street.renew()
    assert live(street) == orphan
    assert "Standing still since" in message(street, newest)["text"]


def test_killed_before_the_older_main_message_said_that_it_stands_still(street: Street) -> None:
    older = live(street)
    street.write(ALICE, text="/start")
    street.settle()
    assert "Standing still" not in message(street, older)["text"]
    second = app.build(street.services)  # the first one never gets to it
    try:
        street.run(second.renewal.round())
    finally:
        street.run(second.close())
    assert "Standing still since" in message(street, older)["text"]
    assert buttons(message(street, older))[0]["text"] == "🔔 Wake up"


def test_an_older_main_message_that_shows_something_else_by_now_is_not_overwritten(street: Street) -> None:
    older = live(street)
    street.write(ALICE, text="/start")
    street.settle()
    street.press(ALICE, older, "show:privacy:0")
    street.settle()
    street.renew()
    assert "What we keep" in message(street, older)["text"]


def test_one_update_in_two_processes_at_once_acts_once(street: Street) -> None:
    second = app.build(street.services)
    street.write(ALICE, text="/me")
    [raw] = street.parts.updates.queue
    street.parts.updates.queue.clear()
    before = len(street.messages(ALICE))

    async def both() -> None:
        await asyncio.gather(
            *(
                parts.dispatcher.feed_update(
                    parts.bot, Update.model_validate(raw, context={"bot": parts.bot})
                )
                for parts in (street.bot, second)
            )
        )

    try:
        street.run(both())
    finally:
        street.run(second.close())
    assert len(street.messages(ALICE)) == before + 1
