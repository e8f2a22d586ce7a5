"""An index for what operators did last, which admin shows: players' entries outnumber theirs by far."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX audit_operator ON audit (at, id) WHERE role = 'operator'")


def down(migrator, db):
    db.execute_sql("DROP INDEX audit_operator")
