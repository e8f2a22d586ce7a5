"""The two stores, and nothing of the game: connections, key names, Lua loading, migrations, embedded servers.

The hot store (Redis or Valkey) is what is read and written while playing. The ledger store (PostgreSQL) is what
lasts. What is kept in them belongs to the rooms, each in its own `store.py`.
"""
