"""The flush lock: shards are written side by side, a player is removed alone."""

from threading import Thread

from clicker.stores import ledger_lock
from clicker.stores.postgres import connection, database

FLUSH = ledger_lock.FLUSH


def free(question, *parts):
    """What another connection finds free: a list of booleans."""
    found = []

    def look():
        with connection(), database.atomic():
            found.extend(database.execute_sql(question, parts).fetchone())

    other = Thread(target=look)
    other.start()
    other.join()
    return found


def test_a_part_stands_in_the_way_of_itself_and_of_the_whole_but_not_of_another_part(services):
    with connection(), database.atomic():
        ledger_lock.wait_for_part(FLUSH, 1)
        parts = free("SELECT pg_try_advisory_xact_lock(1, %s), pg_try_advisory_xact_lock(1, %s)", 1, 2)
        assert parts == [False, True]
        assert free("SELECT pg_try_advisory_xact_lock(1)") == [False]
        assert free("SELECT pg_try_advisory_xact_lock_shared(1)") == [True]


def test_the_whole_stands_in_the_way_of_every_part(services):
    with connection(), database.atomic():
        ledger_lock.wait(FLUSH)
        assert free("SELECT pg_try_advisory_xact_lock_shared(1)") == [False]
