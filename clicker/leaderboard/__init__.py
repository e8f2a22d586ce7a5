"""Leaderboard: the top 20, the global number, and where a player stands.

Reads what taps wrote, shard by shard, and merges. The board is the same for everyone and is computed at most once
per refresh interval and process. Once a minute a job keeps it in Postgres (`ledger.py`), for `flask leaderboard at`.
"""
