"""The anomalies' table."""

from peewee import BigIntegerField, DateTimeField, FloatField, IntegerField, TextField

from clicker.stores.postgres import Table


class AnomalyRow(Table):
    """A player whose windows were suspicious, or of whom an operator decided.

    `score` is of late, `suspicious` counts such windows since ever; `signs`, `speed` (taps per second) and `variation`
    are those of the last one. `changed_at` is when `state` was decided.
    """

    player_id = BigIntegerField(primary_key=True)
    state = TextField()
    score = IntegerField()
    suspicious = IntegerField()
    signs = TextField()
    speed = FloatField()
    variation = FloatField()
    since = DateTimeField()
    changed_at = DateTimeField()

    class Meta:
        table_name = "anomaly"
