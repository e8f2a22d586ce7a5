"""Every message the bot can send, made without a bot."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from aiogram.types import ForceReply

from clicker import i18n
from clicker.bot import documents, keyboards, questions, screens, texts
from clicker.bot.callbacks import Show, Use
from clicker.bot.links import Links
from clicker.bot.names import ScreenName
from clicker.bot.screens import Screen
from clicker.leaderboard.rules import Board, Entry, Standing
from clicker.players.rules import Player

PLAY = Links("https://clicker.example/", "clicker_bot").of(1)
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
LONGEST = "W" * 32
ALLOWED_TAGS = {"b"}


def player(username: str = "alice", clicks: int = 12_345) -> Player:
    return Player(1, username, "Alice", "en", clicks)


def board(*usernames: str) -> Board:
    rows = [Entry(place, name, 100_000 - place) for place, name in enumerate(usernames, start=1)]
    return Board("v", tuple(rows), 98_765_432)


ALICE, NOBODY = player(), player(clicks=0)
FULL = board(*(f"{LONGEST[:-2]}{number:02}" for number in range(20)))
STANDING = Standing(214, 12_345, Entry(213, LONGEST, 12_400), Entry(215, "carol", 12_000))
UNRANKED = Standing(215, 0, Entry(214, "bob", 1), None)


def every_screen() -> list[Screen]:
    shown = [
        render(who, standing, shown_board, links)
        for render in screens.SCREENS.values()
        for who, standing in ((ALICE, STANDING), (NOBODY, UNRANKED), (player(LONGEST), STANDING))
        for shown_board in (FULL, board())
        for links in (PLAY, Links())
    ]
    ideas = [LONGEST, "alice_42", "brave_fox_1234"]
    return [
        *shown,
        screens.hint(PLAY),
        screens.nothing_to_cancel(PLAY),
        screens.settings_hint(),
        screens.paused_hint(PLAY),
        screens.milestone(10_000, PLAY),
        screens.asleep(screens.welcome(player(LONGEST), STANDING, FULL, PLAY).text, PLAY, NOON),
        screens.at(screens.paused(player(LONGEST), STANDING, FULL, PLAY), NOON),
        questions.ask_newcomer("<Alice> & Bob", ideas),
        questions.ask_rename(LONGEST, ideas),
        questions.ask_again(questions.text_expected(), ideas, "alice"),
        questions.ask_again(documents.privacy(), []),
        questions.type_your_own(),
        questions.ask_leave("alice", 5),
        questions.ask_leave("", 0),
        questions.left(),
    ]


class Tags(HTMLParser):
    """Checks that tags are ours and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ALLOWED_TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_screen_keeps_to_telegrams_limits_in_every_language(language: str) -> None:
    with i18n.language(language):
        for screen in every_screen():
            tags = Tags()
            tags.feed(screen.text)
            assert not tags.open
            assert 1 <= len(screen.text) <= 4096
            assert "%(" not in screen.text
            check_keyboard(screen)


def check_keyboard(screen: Screen) -> None:
    if isinstance(screen.keyboard, ForceReply):
        assert 1 <= len(screen.keyboard.input_field_placeholder or "") <= 64
        return
    assert screen.keyboard is not None
    for button in (button for row in screen.keyboard.inline_keyboard for button in row):
        assert button.text.strip()
        leads_on = button.web_app or button.copy_text or button.switch_inline_query_chosen_chat
        assert leads_on or 1 <= len((button.callback_data or "").encode()) <= 64


def test_the_longest_callback_data_fits() -> None:
    assert len(Use(username=LONGEST).pack().encode()) <= 64
    assert Show.unpack(Show(screen=ScreenName.PRIVACY, again=True).pack()) == Show(
        screen="privacy", again=True
    )


def test_names_are_escaped() -> None:
    hostile = board("<i>bob</i>", "a&b")
    text = screens.welcome(player("<b>"), STANDING, hostile, PLAY).text
    assert "&lt;i&gt;bob&lt;/i&gt;" in text
    assert "a&amp;b" in text
    assert "&lt;Alice&gt;" in questions.ask_newcomer("<Alice>", []).text


def test_my_row_is_marked_and_the_best_have_medals() -> None:
    lines = texts.board_lines(board("bob", "alice", "carol", "dave"), ALICE, STANDING).splitlines()
    assert lines[1] == "🥇 bob · 99,999"
    assert lines[2] == "<b>🥈 alice · 99,998 ← you</b>"
    assert lines[4] == "\u20074. dave · 99,996"


def test_equal_clicks_share_a_medal() -> None:
    tied = Board("v", (Entry(1, "a", 5), Entry(1, "b", 5), Entry(3, "c", 4)), 14)
    assert [line[0] for line in texts.board_lines(tied).splitlines()[1:]] == ["🥇", "🥇", "🥉"]


def test_a_player_beyond_the_board_sees_their_row_below_it() -> None:
    assert texts.board_lines(FULL, ALICE, STANDING).endswith("⋯\n<b>214. alice · 12,345 ← you</b>")
    assert "you" not in texts.board_lines(FULL, NOBODY, UNRANKED)


def test_an_empty_board_invites() -> None:
    assert "first place is free" in texts.board_lines(board())


def test_neighbours() -> None:
    assert "56 taps to overtake" in texts.neighbours(STANDING)
    assert "carol</b> is 345 taps behind" in texts.neighbours(STANDING)
    assert "1 tap to overtake" in texts.neighbours(Standing(2, 3, Entry(1, "bob", 3), None))
    assert "Nobody is ahead" in texts.neighbours(Standing(1, 3, None, None))
    assert texts.neighbours(Standing(1, 0, None, None)) == ""


def test_numbers_are_grouped_as_the_language_does() -> None:
    with i18n.language("ru"):
        assert "98\xa0765\xa0432" in texts.numbers(ALICE, STANDING, board())


def test_the_toast_fits_into_a_notice() -> None:
    assert texts.toast(STANDING) == "12,345 clicks, rank 214"
    assert texts.toast(UNRANKED) == "0 clicks"


def test_without_a_public_address_there_is_no_play_button() -> None:
    labels = [b.text for row in keyboards.main(Links()).inline_keyboard for b in row]
    assert not any("Play" in label for label in labels)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_commands_and_descriptions_fit(language: str) -> None:
    with i18n.language(language):
        described = documents.command_descriptions()
        assert set(described) == set(documents.COMMANDS)
        assert set(documents.GROUP_COMMANDS) <= set(described)
        assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in described)
        assert all(1 <= len(text) <= 256 for text in described.values())
        assert 1 <= len(documents.description()) <= 512
        assert 1 <= len(documents.short_description()) <= 120
