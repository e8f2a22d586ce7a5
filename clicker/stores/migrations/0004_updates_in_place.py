"""Rows that the flush writes again and again stay where they are: no index on what changes, and room in each page.

An update that touches no indexed column is written beside the old row and no index learns of it (Postgres calls it
HOT). A BRIN index does not stand in the way (since Postgres 16), and finds old sessions well enough.
"""


def up(migrator, db):
    db.execute_sql("DROP INDEX session_updated_at")
    db.execute_sql("CREATE INDEX session_updated_at ON session USING brin (updated_at)")
    for table in ("player", "session", "history"):
        db.execute_sql(f"ALTER TABLE {table} SET (fillfactor = 70)")


def down(migrator, db):
    for table in ("player", "session", "history"):
        db.execute_sql(f"ALTER TABLE {table} RESET (fillfactor)")
    db.execute_sql("DROP INDEX session_updated_at")
    db.execute_sql("CREATE INDEX session_updated_at ON session (updated_at)")
