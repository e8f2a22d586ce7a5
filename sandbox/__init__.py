"""The sandbox: a local Telegram, for development and tests only.

`python -m sandbox` serves a Bot API with Telegram's wire format, errors and limits (`api/`), a way for
scripts to act as users (`users/`), and a chat page for the browser (`static/`). The state lives in memory
(`state.py`) and is saved now and then (`archive.py`). Nothing of the game belongs here, and production
never starts it: the game knows the sandbox only as an address that speaks the Bot API.
"""
