"""In a group the bot is brief and asks nothing."""

from itertools import count

import pytest

from tests.bot.chat import Chat, buttons
from tests.bot.town import Town

_groups = count(-1_000_000_500_000, -1)


@pytest.fixture
def group(town: Town) -> Chat:
    return town.chat(60_001, group=next(_groups))


def test_start_says_where_to_play(group: Chat) -> None:
    answer = group.say("/start@clicker_sandbox_bot")
    assert "Come and play" in answer["text"]
    assert buttons(answer)[0]["url"] == "https://t.me/clicker_sandbox_bot?start=group"


def test_top_shows_the_board(group: Chat) -> None:
    assert "Top 20" in group.say("/top")["text"]


def test_anything_else_is_left_alone(group: Chat) -> None:
    for text in ("/name bob", "/delete", "hello @clicker_sandbox_bot"):
        group.post(text)
    group.say("/top")
    assert len(group.answers()) == 1


def test_a_button_in_a_group_does_not_wait_for_ever(group: Chat) -> None:
    assert group.press_data("show:welcome:0", group.say("/top"))["answered"]
