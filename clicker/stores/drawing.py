"""Draws the schema out of the models, as a Mermaid diagram; `docs/data.md` holds it."""

from collections.abc import Iterable
from typing import Any

from peewee import Field, Model

TYPES = {
    "BIGINT": "bigint",
    "INT": "integer",
    "FLOAT": "real",
    "TEXT": "text",
    "DATETIME": "timestamp",
    "JSONB": "jsonb",
}
"""Postgres's names of peewee's types; others are Postgres's own already."""
_OWNER = "player_id"
BEGIN, END = "<!-- drawn by `flask db draw` -->", "<!-- end of the drawing -->"


def kind(field: Field) -> str:
    """A column's type as Postgres calls it."""
    return TYPES.get(str(field.field_type), str(field.field_type))


def drawn(models: Iterable[type[Model]]) -> str:
    """The tables with their columns; whose `player_id` a table has is drawn as a line to `player`."""
    metas: list[Any] = [model._meta for model in models]
    lines = ["```mermaid", "erDiagram"]
    for meta in metas:
        if _OWNER in meta.columns:
            lines.append(f"    player ||--o{{ {meta.table_name} : has")
    for meta in metas:
        lines.append(f"    {meta.table_name} {{")
        lines += [f"        {_column(meta, field)}" for field in meta.sorted_fields]
        lines.append("    }")
    return "\n".join([*lines, "```"])


def _column(meta: Any, field: Field) -> str:
    column: Any = field
    marks = (
        ["PK"]
        if field.name in {key.name for key in meta.get_primary_keys()}
        else ["UK"]
        if column.unique
        else []
    )
    if column.column_name == _OWNER:
        marks.append("FK")
    said = f"{kind(field)} {column.column_name} {', '.join(marks)}".rstrip()
    return f'{said} "may be empty"' if column.null else said


def replaced(document: str, drawing: str) -> str:
    """The document with this drawing between its marks. Raises ValueError if it has none."""
    before, _, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the document has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{drawing}\n\n{END}{after}"
