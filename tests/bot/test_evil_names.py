"""Hostile names in the bot's messages: refused as usernames, and plain text where Telegram itself told them."""

import pytest

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer
from tests.bot.test_main import tap
from tests.evil import EVIL

OURS = {"bold", "italic", "code", "blockquote", "expandable_blockquote", "custom_emoji", "bot_command"}
"""What our own texts may be marked with; a link or a mention would be the name's doing."""


def marks(message: dict) -> set[str]:
    return {entity["type"] for entity in message.get("entities", [])}


@pytest.mark.parametrize("kind", EVIL)
def test_a_hostile_first_name_is_greeted_as_plain_text(newcomer: Newcomer, kind: str) -> None:
    greeting = newcomer(first_name=EVIL[kind][:64]).say("/start")
    assert marks(greeting) <= OURS
    assert not set(greeting["text"]) & set("\u202e\u2066\u200f\x1b")
    if kind in ("script", "image", "telegram"):
        assert EVIL[kind][:20] in greeting["text"]


@pytest.mark.parametrize("kind", [kind for kind in EVIL if kind != "long"])
def test_a_hostile_name_typed_is_refused(alice: Chat, game: Services, kind: str) -> None:
    alice.say("/name")
    answer = alice.say(EVIL[kind])
    assert marks(answer) <= OURS
    assert game.players.known(alice.user).username == f"alice_{alice.user}"


@pytest.mark.parametrize("kind", ["script", "attribute", "telegram", "template", "sql"])
def test_a_hostile_name_that_got_into_the_store_is_plain_text_on_the_board(
    alice: Chat, game: Services, kind: str
) -> None:
    tap(game, alice, 3)
    game.players.hot.put_username(alice.user, EVIL[kind])
    try:
        game.leaderboard.refresh()
        for question in ("/top", "/me"):
            answer = alice.say(question)
            assert marks(answer) <= OURS
    finally:
        game.players.hot.put_username(alice.user, f"alice_{alice.user}")
