"""Players whose windows were suspicious, and what was decided of them."""

from peewee import *


def up(migrator, db):
    class Anomaly(Model):
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
            database = db
            table_name = "anomaly"
            indexes = ((("state", "score"), False),)

    db.create_tables([Anomaly])


def down(migrator, db):
    db.execute_sql("DROP TABLE anomaly")
