"""Addresses that the bot's buttons open or hand on. Pure."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

INVITED_BY = "ref_"
"""What a deep link's payload begins with; the inviting player's id follows (at most 64 characters in all)."""


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
