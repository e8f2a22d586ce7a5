"""The players' table."""

from peewee import SQL, BigIntegerField, DateTimeField, TextField

from clicker.stores.postgres import Table


class PlayerRow(Table):
    """A player as the ledger store keeps them. `username_key` decides whether a username is free."""

    id = BigIntegerField(primary_key=True)
    username = TextField(null=True)
    username_key = TextField(null=True, unique=True)
    first_name = TextField(default="")
    language = TextField(default="en")
    clicks = BigIntegerField(default=0)
    created_at = DateTimeField(constraints=[SQL("DEFAULT now()")])
    updated_at = DateTimeField(constraints=[SQL("DEFAULT now()")])

    class Meta:
        table_name = "player"


class BlockRow(Table):
    """A player whom an operator has blocked; it outlives the deletion of the player's data."""

    player_id = BigIntegerField(primary_key=True)
    since = DateTimeField(index=True, constraints=[SQL("DEFAULT now()")])

    class Meta:
        table_name = "block"


class CounterRow(Table):
    """A number that belongs to no player; those named `forgotten…` sum to the clicks of players who are deleted."""

    name = TextField(primary_key=True)
    value = BigIntegerField(default=0)

    class Meta:
        table_name = "counter"
