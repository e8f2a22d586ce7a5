"""docs/data.md says what there is: drawn from the models, which agree with the database."""

import re

from clicker.cli.db import MODELS
from clicker.stores import drawing
from clicker.stores.postgres import connection
from tests.processes import ROOT

DOCUMENT = (ROOT / "docs/data.md").read_text()
_COLUMNS = """
SELECT attname, format_type(atttypid, NULL), attnotnull FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""


def asked(statement: str, *parameters: object) -> list[tuple]:
    with connection() as database:
        return list(database.execute_sql(statement, parameters).fetchall())


def test_the_drawing_is_what_the_models_say():
    assert drawing.drawn(MODELS) in DOCUMENT, "flask db draw docs/data.md"


def test_every_table_is_drawn_and_has_its_retention(services):
    tables = {name for (name,) in asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert {model._meta.table_name for model in MODELS} == tables - {"schema_migration"}
    assert {name for name in tables if not re.search(rf"^\| `{name}` \|", DOCUMENT, re.MULTILINE)} == set()


def test_columns_are_of_the_types_that_are_drawn(services):
    for model in MODELS:
        fields = model._meta.sorted_fields
        found = {name: (kind.removesuffix(" without time zone"), needed)
                 for name, kind, needed in asked(_COLUMNS, model._meta.table_name)}  # fmt: skip
        assert found == {field.column_name: (drawing.kind(field), not field.null) for field in fields}


def test_every_index_has_a_reason(services):
    found = {name for (name,) in asked("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")}
    named = set(re.findall(r"`(\w+)`", DOCUMENT.split("## Indexes")[1].split("\n\n`tests")[0]))
    assert found == named
