"""Audit: who did what to which resource, from where and when; append-only.

An act is recorded in a stream of the hot store, which is on disk before it answers, and a job moves it to Postgres; so
nothing waits for Postgres, and nothing is lost with a worker or with RQ. Triggers refuse to change or remove an entry,
but for retention and for privacy. Which acts are worth an entry is decided by the room (or edge) that does them.
"""
