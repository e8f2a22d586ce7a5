"""The audit log's table."""

from peewee import DateTimeField, TextField
from playhouse.postgres_ext import BinaryJSONField

from clicker.stores.postgres import Table


class AuditRow(Table):
    """One act. `who` is a player's id or an operator's name; `address` an inet, shortened to its network after a while.

    `once` is set where a second entry of the kind is not to be made (see rules.ROUTINE).
    """

    id = TextField(primary_key=True)
    at = DateTimeField()
    role = TextField()
    who = TextField()
    action = TextField()
    resource = TextField()
    request_id = TextField()
    address = TextField(null=True)
    details = BinaryJSONField(index=False)
    once = TextField(null=True)

    class Meta:
        table_name = "audit"
