"""docs/security.md keeps its word: each threat has tests, and every test that a document names is there."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
WANTED = ("Forged identity", "Replay", "Robots", "Floods", "Stolen token", "Admin guess", "Injection",
          "XSS through usernames", "Webhook forgery", "Supply chain", "Operator's mistakes")  # fmt: skip


@lru_cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def threats() -> dict[str, str]:
    """What the document says of each threat, by its title."""
    whole = (ROOT / "docs/security.md").read_text()
    parts = re.split(r"^### (.+)$", whole.split("## Threats")[1].split("\n## ")[0], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("document", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_test_that_a_document_names_exists(document):
    for path, name in NAMED.findall((ROOT / "docs" / document).read_text()):
        assert (ROOT / path).exists(), path
        assert name in names_in(path), f"{path}::{name}"


def test_every_threat_has_tests():
    found = threats()
    assert set(WANTED) <= set(found)
    assert [title for title, said in found.items() if not NAMED.search(said)] == []
