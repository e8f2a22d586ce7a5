"""Clicker: a Telegram clicker game.

One folder a room; `ls` is the list of what the game does. Inside a room the file names are fixed:
`rules.py` is pure, `service.py` holds the use cases, `store.py` is that room's only Redis or SQL,
`models.py` its tables, `*.lua` its scripts, `routes.py` its pages, `jobs.py` its background work.
"""
