"""The sessions' table."""

from peewee import SQL, BigIntegerField, DateTimeField, IntegerField, TextField

from clicker.stores.postgres import Table


class SessionRow(Table):
    """A session as the ledger store keeps it: its state and how far its batches were counted."""

    id = TextField(primary_key=True)
    player_id = BigIntegerField(index=True)
    state = TextField()
    acknowledged_sequence = BigIntegerField(default=0)
    deferred = IntegerField(default=0)
    opened_at = DateTimeField()
    updated_at = DateTimeField(index=True, constraints=[SQL("DEFAULT now()")])

    class Meta:
        table_name = "session"
