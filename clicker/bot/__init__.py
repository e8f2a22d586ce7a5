"""The bot: the game as a conversation in Telegram.

`app.py` is the parts list, `polling.py` how updates come in and are confirmed, `scenes/` the conversation (its
`registry.py` is the map), `screens.py` and `texts.py` what is said, pure. Rules of the game live in the rooms: the
bot asks their services through `game.py`, in threads. Its only store of its own is the conversations (`store.py`).
"""
