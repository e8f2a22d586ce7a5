"""docs/operations.md tells of everything that an operator sees."""

import re

import pytest

from clicker.admin.tiles import Moment, tiles
from clicker.web.admin.suspects import WHY
from tests.processes import ROOT

DOCS = (ROOT / "docs" / "operations.md").read_text()
SECTION = DOCS.partition("## The operator's page")[2].partition("\n## ")[0]


@pytest.mark.parametrize("label", [tile.label for tile in tiles([Moment(0)])])
def test_every_figure_is_explained(label):
    assert f"\n| {label} | " in SECTION


@pytest.mark.parametrize("why", WHY.values())
def test_every_sign_of_a_robot_is_explained(why):
    assert f"*{why}*" in SECTION


@pytest.mark.parametrize(
    "act", ["Rename", "Flag as a robot", "Trust them", "Block", "Run a flush", "Follow the load"]
)
def test_every_act_is_explained_by_the_words_on_its_button(act):
    pages = "".join(page.read_text() for page in (ROOT / "templates" / "admin").glob("*.html"))
    assert f">{act}</button>" in pages
    assert act in SECTION


def test_its_pictures_and_the_places_it_points_to_exist():
    for picture in re.findall(r"\]\((img/[^)]+)\)", SECTION):
        assert (ROOT / "docs" / picture).exists(), picture
    places = {
        re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in re.findall(r"\n#+ (.+)", DOCS)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", SECTION)) <= places
