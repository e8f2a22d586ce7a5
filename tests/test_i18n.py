"""Languages."""

import pytest

from clicker import i18n


@pytest.mark.parametrize(
    ("tag", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("en_GB", "en"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_the_nearest_language_is_picked(tag, language):
    assert i18n.pick(tag) == language


def test_a_lazy_text_is_translated_when_it_is_shown():
    text = i18n.lazy("Paused. Tap to go on.")
    assert str(text) == "Paused. Tap to go on."
    with i18n.language("ru"):
        assert str(text) != "Paused. Tap to go on."
    assert i18n.current() == "en"


@pytest.mark.parametrize(("language", "shown"), [("en", "1,234,567"), ("ru", "1\xa0234\xa0567")])
def test_numbers_are_grouped_as_the_language_does(language, shown):
    with i18n.language(language):
        assert i18n.number(1234567) == shown
