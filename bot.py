"""The bot process: the game as a conversation in Telegram."""

from clicker import logs, settings, wiring
from clicker.bot import app

if __name__ == "__main__":
    loaded = settings.load()
    logs.setup(loaded)
    app.run(wiring.build(loaded))
