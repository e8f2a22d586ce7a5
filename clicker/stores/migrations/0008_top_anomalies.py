"""An index in the order in which operators look at suspicious players."""


def up(migrator, db):
    db.execute_sql("DROP INDEX anomaly_state_score")
    db.execute_sql("CREATE INDEX anomaly_top ON anomaly (state, score DESC, player_id)")


def down(migrator, db):
    db.execute_sql("DROP INDEX anomaly_top")
    db.execute_sql("CREATE INDEX anomaly_state_score ON anomaly (state, score)")
