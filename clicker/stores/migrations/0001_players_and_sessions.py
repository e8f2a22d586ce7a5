"""Players, their sessions, and the counters that belong to no player."""

from peewee import *


def up(migrator, db):
    class Player(Model):
        id = BigIntegerField(primary_key=True)
        username = TextField(null=True)
        username_key = TextField(null=True, unique=True)
        first_name = TextField(default="")
        language = TextField(default="en")
        clicks = BigIntegerField(default=0)
        created_at = DateTimeField(constraints=[SQL("DEFAULT now()")])
        updated_at = DateTimeField(constraints=[SQL("DEFAULT now()")])

        class Meta:
            database = db
            table_name = "player"

    class Session(Model):
        id = TextField(primary_key=True)
        player_id = BigIntegerField(index=True)
        state = TextField()
        acknowledged_sequence = BigIntegerField(default=0)
        deferred = IntegerField(default=0)
        opened_at = DateTimeField()
        updated_at = DateTimeField(index=True, constraints=[SQL("DEFAULT now()")])

        class Meta:
            database = db
            table_name = "session"

    class Counter(Model):
        name = TextField(primary_key=True)
        value = BigIntegerField(default=0)

        class Meta:
            database = db
            table_name = "counter"

    db.create_tables([Player, Session, Counter])


def down(migrator, db):
    db.execute_sql("DROP TABLE session, player, counter")
