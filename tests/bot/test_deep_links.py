"""What comes behind /start: invite links, and anything else that somebody may type there."""

from collections.abc import Iterator

import pytest

from clicker.settings import Settings
from tests.bot.walk import Street
from tests.conftest import empty

NEWCOMER = 810_001


@pytest.fixture
def street(alone: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    monkeypatch.setenv("SANDBOX_LIMITS", "off")
    built = Street(alone)
    empty(built.services)
    yield built
    built.close()


def test_whatever_comes_behind_start_the_answer_is_the_same_and_shows_none_of_it(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    payloads = (
        "ref_1",
        f"ref_{NEWCOMER}",
        "ref_",
        "ref_-5",
        "ref_99999999999999999999",
        "<b>bold</b>",
        "&amp; 'quotes\" `code`",
        "два слова",
        "😀" * 100,
        "x" * 4000,
        "\x00\u202e",
        "../../etc/passwd",
        "group",
        "inline",
    )
    for payload in payloads:
        street.write(NEWCOMER, text=f"/start {payload}")
        street.settle()
        question, prompt = street.messages(NEWCOMER)[-2:]
        assert question["text"].startswith("👋 Hi ")
        assert prompt["reply_markup"]["force_reply"]
    street.write(NEWCOMER, text="carol")
    street.settle()
    for payload in payloads:
        street.write(NEWCOMER, text=f"/start {payload}")
        street.settle()
        text = street.messages(NEWCOMER)[-1]["text"]
        assert "Your clicks: 0" in text
        assert len(payload) < 8 or payload not in text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
