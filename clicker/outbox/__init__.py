"""Outbox: everything the bot sends, under Telegram's limits.

Here is who may send now: token buckets in the hot store that all bot processes share, the order of what waits, and
the pause that Telegram asks for with a 429. What is sent, and the sending itself, is the bot's (`bot/outlet.py`).
"""
