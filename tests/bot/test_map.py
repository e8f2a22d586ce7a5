"""The map of scenes is complete, and drawn in the documentation."""

from clicker.bot.names import SceneName
from clicker.bot.scenes import registry
from tests.processes import ROOT


def test_every_scene_is_on_the_map_and_can_be_left() -> None:
    assert {place.name for place in registry.MAP} == set(SceneName)
    for place in registry.MAP:
        assert place.exits
        assert place.unexpected
        observed = {handler.name for handler in place.scene.__scene_config__.handlers}
        assert {"message", "callback_query"} <= observed


def test_the_map_in_the_documentation_is_this_one() -> None:
    assert registry.as_table() in (ROOT / "docs" / "bot.md").read_text()


def test_the_process_file_is_short() -> None:
    assert len((ROOT / "bot.py").read_text().splitlines()) <= 15
