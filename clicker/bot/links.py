"""Addresses that the bot's buttons open or hand on. Pure."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from clicker.outbox.rules import INVITED_BY


@dataclass(frozen=True)
class Links:
    """`play`: the Mini App, empty if Telegram could not open it. `bot`: the bot's username, empty until known."""

    play: str = ""
    bot: str = ""
    invite: str = ""

    def of(self, player: int) -> "Links":
        """With this player's invite link."""
        return replace(self, invite=self.start(f"{INVITED_BY}{player}")) if self.bot else self

    def start(self, payload: str) -> str:
        """A link that opens the chat with the bot; the payload arrives behind /start."""
        return f"https://t.me/{self.bot}?{urlencode({'start': payload})}"
