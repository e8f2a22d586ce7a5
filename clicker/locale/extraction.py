"""Collects texts for translators: as Babel does, and inside f-strings, where Babel looks from Python 3.12 on."""

import ast
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python


def extract(source: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """A method for `babel.toml`; takes and yields what every extraction method of Babel does."""
    yield from extract_python(source, keywords, comment_tags, options)
    source.seek(0)
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.FormattedValue):
            inside = BytesIO(ast.unparse(node.value).encode())
            for _, called, message, comments in extract_python(inside, keywords, comment_tags, options):
                yield node.lineno, called, message, comments
