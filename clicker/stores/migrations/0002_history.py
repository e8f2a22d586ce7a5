"""History: how many clicks were added to each player in each minute, later in each hour and day.

The clicks of players who are there already become history of today: the sums agree from the first flush on.
"""

from peewee import *


def up(migrator, db):
    class Stretch(Model):
        player_id = BigIntegerField()
        at = DateTimeField()
        seconds = IntegerField()
        clicks = BigIntegerField()

        class Meta:
            database = db
            table_name = "history"
            primary_key = CompositeKey("player_id", "at", "seconds")
            indexes = ((("seconds", "at"), False),)

    db.create_tables([Stretch])
    db.execute_sql(
        "INSERT INTO history (player_id, at, seconds, clicks)"
        " SELECT id, date_trunc('day', now()), 86400, clicks FROM player WHERE clicks > 0"
    )


def down(migrator, db):
    db.execute_sql("DROP TABLE history")
