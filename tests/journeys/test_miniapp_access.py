"""Everybody can use the Mini App: axe finds nothing in any state. `make axe` looks at the other theme and language."""

import pytest

from tests.access import barriers
from tests.journeys.states import each_state


@pytest.mark.parametrize(("screen", "language"), [("light", "en"), ("dark", "ru")])
def test_axe_finds_nothing_in_any_state(browser, web, game, screen, language):
    found = {
        name: said
        for name, alice in each_state(browser, web.url, game, 3001, screen, language)
        if (said := barriers(alice.page))
    }
    assert found == {}
