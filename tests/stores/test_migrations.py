"""The schema goes up, down and up again, and agrees with the models."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from clicker import wiring
from clicker.cli.db import MODELS
from clicker.stores import schema
from clicker.stores.postgres import connection
from clicker.taps.models import HistoryRow
from tests.conftest import Stores


@pytest.fixture
def blank(stores: Stores, settings) -> Iterator[None]:
    """The models point to an empty database of its own."""
    services = wiring.build(settings)
    with connection() as database:
        database.execute_sql("DROP DATABASE IF EXISTS blank")
        database.execute_sql("CREATE DATABASE blank")
    services.postgres.close_all()
    other = wiring.build(replace(settings, database_url=stores.database_url.rsplit("/", 1)[0] + "/blank"))
    yield
    other.postgres.close_all()
    wiring.build(settings)


def tables() -> set[str]:
    with connection() as database:
        return set(database.get_tables())


@pytest.mark.usefixtures("blank")
def test_migrations_go_up_down_and_up_again():
    assert schema.pending()
    names = schema.upgrade()
    assert names
    assert {"player", "session", "counter"} <= tables()
    assert schema.upgrade() == []
    for name in reversed(names):
        assert schema.downgrade() == [name]
    assert tables() == {"schema_migration"}
    assert schema.upgrade() == names
    assert not schema.pending()


@pytest.mark.usefixtures("blank")
def test_the_models_name_the_columns_that_the_migrations_made():
    schema.upgrade()
    for model in MODELS:
        with connection() as database:
            columns = {column.name for column in database.get_columns(model._meta.table_name)}
        assert columns == {field.column_name for field in model._meta.sorted_fields}


@pytest.mark.usefixtures("blank")
def test_clicks_from_before_there_was_history_are_history_of_the_day_of_the_migration():
    schema.upgrade()
    while "history" in tables():
        schema.downgrade()
    with connection() as database:
        database.execute_sql(
            "INSERT INTO player (id, clicks, first_name, language) VALUES (1, 7, '', ''), (2, 0, '', '')"
        )
    schema.upgrade()
    with connection():
        assert [(row.player_id, row.seconds, row.clicks) for row in HistoryRow.select()] == [(1, 86_400, 7)]
