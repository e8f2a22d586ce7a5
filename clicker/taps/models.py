"""The history's table."""

from peewee import BigIntegerField, CompositeKey, DateTimeField, IntegerField

from clicker.stores.postgres import Table


class HistoryRow(Table):
    """Clicks that came to a player in `seconds` (60, 3600 or 86,400) from `at` on, which is a multiple of them, UTC.

    The rows of a player add up to `player.clicks`.
    """

    player_id = BigIntegerField()
    at = DateTimeField()
    seconds = IntegerField()
    clicks = BigIntegerField()

    class Meta:
        table_name = "history"
        primary_key = CompositeKey("player_id", "at", "seconds")
        indexes = ((("seconds", "at"), False),)
