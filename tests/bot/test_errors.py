"""Whatever breaks, the player gets a sentence and a button, and the log one line."""

import asyncio
import logging

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError
from aiogram.methods import GetMe
from aiogram.types import ErrorEvent
from redis.exceptions import ConnectionError, LockError

from clicker.bot.errors import apology, on_error
from clicker.bot.telegram import described
from clicker.errors import Overloaded, UsernameTaken
from clicker.stores.postgres import Errors
from tests.bot.test_polling import update
from tests.bot.test_screens import check_keyboard

ANY = GetMe()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UsernameTaken(), "Someone else has that username"),
        (Overloaded(), "Busy right now"),
        (ConnectionError(), "catching its breath"),
        (LockError(), "catching its breath"),
        (Errors[0](), "catching its breath"),
        (TimeoutError(), "catching its breath"),
        (ValueError("secret detail"), "Something broke on our side"),
    ],
)
def test_every_error_has_a_sentence_and_a_way_forward(error: Exception, words: str) -> None:
    screen = apology(7, error)
    assert words in screen.text
    assert "secret" not in screen.text
    check_keyboard(screen)


def test_the_unexpected_is_logged_with_the_update(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        apology(12345, ValueError("secret detail"))
    assert "update 12345 failed" in caplog.text
    assert "secret detail" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        TelegramForbiddenError(method=ANY, message="Forbidden: bot was blocked by the user"),
        TelegramBadRequest(method=ANY, message="Bad Request: message is not modified"),
        TelegramBadRequest(method=ANY, message="Bad Request: query is too old"),
        TelegramNetworkError(method=ANY, message="Request timeout error"),
    ],
)
def test_nothing_is_said_to_a_player_who_is_gone_or_has_the_answer(error: Exception) -> None:
    class Mute:
        """A bot that fails when it is used."""

        token = "1:abc"

    came = update(1)
    assert asyncio.run(on_error(ErrorEvent(update=came, exception=error), Mute()))  # type: ignore[arg-type]


def test_an_error_in_words_never_shows_the_token() -> None:
    assert (
        described(ValueError("http://x/bot1:abc/getMe\nfailed"), "1:abc")
        == "ValueError: http://x/bot<token>/getMe failed"
    )
