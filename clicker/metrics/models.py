"""The table of past figures."""

from peewee import DateTimeField
from playhouse.postgres_ext import BinaryJSONField

from clicker.stores.postgres import Table


class FiguresRow(Table):
    """The figures of the whole service in a minute (`at`, UTC): packed series (`rules.packed`) → value."""

    at = DateTimeField(primary_key=True)
    series = BinaryJSONField(index=False)

    class Meta:
        table_name = "figures"
