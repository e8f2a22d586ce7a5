"""The catalogues: they hold all that the game says, and say it in the same form."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import jinja2
import pytest
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import nodes

from clicker import errors, i18n
from clicker.bot import documents, questions, texts
from clicker.leaderboard.rules import Board, Entry, Standing
from clicker.players.rules import Player

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "clicker" / "locale"
OTHERS = [language for language in i18n.LANGUAGES if language != i18n.DEFAULT]
TRANSLATES = {"_": 1, "gettext": 1, "lazy": 1, "ngettext": 2}
"""What takes texts, and how many."""
KEPT = re.compile(r"%\(\w+\)s|%.|\{\w*\}|</?\w+>|(?<!\S)/\w+|\n|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
"""What a translation has to repeat: marks, tags, commands, ends of lines, emoji."""
ENDS = ".:!?…"
ENGLISH = re.compile(r"\b(the|your|you|and|clicks?|taps?)\b", re.IGNORECASE)
BOB, CAROL = Entry(1, "bob", 12_400), Entry(3, "carol", 12_344)
ALICE, STANDING = Player(1, "alice", "Alice", "ru", 12_345), Standing(2, 12_345, BOB, CAROL)
BOARD = Board("v", (BOB, Entry(2, "alice", 12_345), CAROL), 37_089)


def path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def said(catalogue: Catalog) -> set[str]:
    """The English of all messages; the first one of a catalogue is its header."""
    return {forms(message.id)[0] for message in catalogue if message.id}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All texts in code and templates, collected as `make i18n-update` does."""
    found = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    asked = ["pybabel", "-q", "extract", "-F", str(LOCALE / "babel.toml"), "-o", str(found), str(ROOT)]
    CommandLineInterface().run(asked)
    with found.open("rb") as file:
        return read_po(file)


@pytest.fixture(params=OTHERS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with path(request.param).open("rb") as file:
        return read_po(file)


@pytest.fixture
def in_russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Russian from the sources as they are now, whatever `make setup` compiled."""
    compiled = tmp_path / "ru" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with path("ru").open("rb") as source, compiled.open("wb") as target:
        write_mo(target, read_po(source))
    monkeypatch.setattr(i18n, "_FOLDER", tmp_path)
    i18n._catalogue.cache_clear()
    with i18n.language("ru"):
        yield
    i18n._catalogue.cache_clear()


def test_every_text_is_translated_and_nothing_else_is(template: Catalog, catalogue: Catalog) -> None:
    wanted, given = said(template), said(catalogue)
    assert len(wanted) > 100
    assert not wanted - given, "`make i18n-update`, then translate these"
    assert not given - wanted, "`make i18n-update` takes these out"
    assert not catalogue.obsolete
    assert not [m.id for m in catalogue if m.id and not all(forms(m.string))], "empty"
    assert not [m.id for m in catalogue if m.fuzzy], "look these over, then take the mark off"


def test_singular_and_plural_are_one_message_in_every_catalogue(
    template: Catalog, catalogue: Catalog
) -> None:
    def counted(these: Catalog) -> set[tuple[str, ...]]:
        return {forms(message.id) for message in these if message.pluralizable}

    assert counted(template) == counted(catalogue)


def test_marks_tags_commands_and_emoji_are_in_every_translation(catalogue: Catalog) -> None:
    for message in catalogue:
        english = forms(message.id)[-1]
        for translation in forms(message.string) if english else ():
            assert sorted(KEPT.findall(translation)) == sorted(KEPT.findall(english)), translation
            assert translation == translation.strip()


def test_translations_end_as_the_english_does(catalogue: Catalog) -> None:
    for message in catalogue:
        english = forms(message.id)[-1]
        for translation in forms(message.string) if english else ():
            assert (translation[-1:] in ENDS) == (english[-1:] in ENDS), translation


def test_the_catalogue_compiles_without_a_complaint(catalogue: Catalog) -> None:
    assert not [(message.id, complaints) for message, complaints in catalogue.check()]
    assert not catalogue.fuzzy


def test_russian_has_three_forms_and_they_differ() -> None:
    with path("ru").open("rb") as file:
        russian = read_po(file)
    assert russian.num_plurals == 3
    counted = [forms(message.string) for message in russian if message.pluralizable]
    assert counted
    assert all(len(set(strings)) == 3 for strings in counted)


@pytest.mark.parametrize(
    ("clicks", "shown"),
    [
        (0, "0 кликов"),
        (1, "1 клик"),
        (2, "2 клика"),
        (5, "5 кликов"),
        (11, "11 кликов"),
        (21, "21 клик"),
        (22, "22 клика"),
        (112, "112 кликов"),
        (1001, "1\xa0001 клик"),
    ],
)
def test_russian_counts_as_russians_do(in_russian: None, clicks: int, shown: str) -> None:
    assert i18n.ngettext("%(n)s click", "%(n)s clicks", clicks) == shown


def test_russian_players_read_russian(in_russian: None) -> None:
    shown = [
        texts.numbers(ALICE, STANDING, BOARD),
        texts.board_lines(BOARD, ALICE, STANDING),
        texts.toast(STANDING),
        questions.ask_newcomer("Alice", []).text,
        questions.ask_leave("alice", 5).text,
        documents.help(),
        documents.privacy(),
        documents.description(),
        str(errors.SessionPaused.text),
    ]
    for text in shown:
        assert re.search("[а-яё]{2}", text), text
        assert not ENGLISH.search(text), text
    with i18n.language(i18n.DEFAULT):
        assert ENGLISH.search(texts.numbers(ALICE, STANDING, BOARD))


def test_russian_players_read_of_their_neighbours(in_russian: None) -> None:
    text = texts.neighbours(STANDING)
    assert "56 тапов, чтобы обогнать <b>bob</b>" in text
    assert "<b>carol</b> отстаёт на 1 тап" in text


def test_every_text_in_the_code_is_a_literal_that_can_be_collected() -> None:
    for file in sorted((ROOT / "clicker").rglob("*.py")):
        if file.name == "i18n.py":
            continue
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
                assert all(isinstance(text, ast.Constant) for text in asked_for(name, call.args)), (
                    f"{file}:{call.lineno}"
                )


def test_every_text_in_the_templates_is_a_literal_that_can_be_collected() -> None:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for file in sorted((ROOT / "templates").rglob("*.html")):
        for call in environment.parse(file.read_text()).find_all(nodes.Call):
            given = asked_for(getattr(call.node, "name", None), call.args)
            assert all(isinstance(text, nodes.Const) for text in given), f"{file}:{call.lineno}"


def asked_for(function: str | None, arguments: list) -> list:
    """The arguments that are texts, if the function is one that translates."""
    return arguments[: TRANSLATES[function]] if function in TRANSLATES else []
