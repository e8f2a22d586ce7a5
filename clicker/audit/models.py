"""The audit log's table."""

from peewee import DateTimeField, Field, TextField
from playhouse.postgres_ext import BinaryJSONField

from clicker.stores.postgres import Table


class InetField(Field):
    """An address or a network."""

    field_type = "inet"


class AuditRow(Table):
    """One act. `who` is a player's id or an operator's name; `address` is shortened to its network after a while.

    `once` is set where a second entry of the kind is not to be made (see rules.ROUTINE).
    """

    id = TextField(primary_key=True)
    at = DateTimeField()
    role = TextField()
    who = TextField()
    action = TextField()
    resource = TextField()
    request_id = TextField()
    address = InetField(null=True)
    details = BinaryJSONField(index=False)
    once = TextField(null=True, unique=True)

    class Meta:
        table_name = "audit"
