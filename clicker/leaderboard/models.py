"""The tables of past boards."""

from peewee import BigIntegerField, CompositeKey, DateTimeField, IntegerField

from clicker.stores.postgres import Table


class BoardRow(Table):
    """The board of a minute (`at`, UTC): the global number. Its places are rows of their own."""

    at = DateTimeField(primary_key=True)
    global_clicks = BigIntegerField()

    class Meta:
        table_name = "board"


class PlaceRow(Table):
    """A player's place on the board of a minute. The username is the player's of today."""

    at = DateTimeField()
    player_id = BigIntegerField()
    rank = IntegerField()
    clicks = BigIntegerField()

    class Meta:
        table_name = "board_place"
        primary_key = CompositeKey("at", "player_id")
        indexes = ((("player_id", "at"), False),)
