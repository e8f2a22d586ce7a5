"""Live messages: the bot's main messages that keep themselves up to date (the live socket is `web/live.py`).

Here is which chat has one, whose turn it is, and which bot process has taken that turn. What a live message says and
how it is edited is the bot's (`bot/live.py`).
"""
