"""Blocked players, and an index to find players by the beginning of their username.

Blocks are apart from `player`: a block outlives the deletion of a player's data.
"""

from peewee import *


def up(migrator, db):
    class Block(Model):
        player_id = BigIntegerField(primary_key=True)
        since = DateTimeField(index=True, constraints=[SQL("DEFAULT now()")])

        class Meta:
            database = db
            table_name = "block"

    db.create_tables([Block])
    db.execute_sql("CREATE INDEX player_username_key_start ON player (username_key text_pattern_ops)")


def down(migrator, db):
    db.execute_sql("DROP INDEX player_username_key_start")
    db.execute_sql("DROP TABLE block")
