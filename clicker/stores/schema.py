"""Migrations of the ledger store, on top of peewee's own runner."""

from pathlib import Path

from playhouse.migrations import Migration, Runner

from clicker.stores.postgres import connection, database

FOLDER = Path(__file__).parent / "migrations"


def _runner() -> Runner:
    return Runner(database.obj, str(FOLDER))


def upgrade() -> list[str]:
    """Applies what is pending, under a lock so that two starts at once don't collide. Returns the names applied."""
    with connection():
        database.execute_sql("SELECT pg_advisory_lock(42)")
        try:
            return _runner().up()
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(42)")


def downgrade() -> list[str]:
    """Takes back the newest migration. Returns its name in a list; an empty list if there is none."""
    with connection():
        return _runner().down() if _runner().applied() else []


def status() -> list[Migration]:
    """Every migration in order; `applied` is None for a pending one."""
    with connection():
        return _runner().status()


def pending() -> bool:
    """True if the database lacks a migration that this code needs."""
    return any(migration.applied is None for migration in status())
