"""A sandbox and a bot as processes, on the stores of this test run."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.bot.chat import Chat
from tests.processes import Process, free_port
from tests.waiting import eventually

START_LIMIT_S = 60


class Bot(Process):
    """The bot's process, which tells how it ended."""

    @property
    def exit_code(self) -> int | None:
        return self._child.poll() if self._child else None


def bot_process(environment: dict[str, str], log: Path) -> Bot:
    return Bot([sys.executable, "bot.py"], environment, log)


@dataclass
class Town:
    """Where the tests' people live. `bot` and `sandbox` may be killed and started again."""

    url: str
    sandbox: Process
    bot: Bot

    @classmethod
    def built(cls, stores: dict[str, str], folder: Path, **more: str) -> "Town":
        """Not started yet. The sandbox remembers its chats on disk, as after a restart of `make run`.

        Neither sandbox nor bot knows limits, so that tests are quick; SANDBOX_LIMITS="strict" brings them back.
        """
        port = free_port()
        environment = (
            stores
            | {
                "SANDBOX_PORT": str(port),
                "SANDBOX_LIMITS": "off",
                "DATA_DIR": str(folder),
                "LOG_FORMAT": "text",
                "BOT_TOKEN": "",
            }
            | more
        )
        sandbox = Process([sys.executable, "-m", "sandbox"], environment, folder / "sandbox.log")
        bot = bot_process(environment, folder / "bot.log")
        return cls(f"http://127.0.0.1:{port}", sandbox, bot)

    def started(self) -> "Town":
        self.start_sandbox()
        self.start_bot()
        return self

    def start_sandbox(self) -> None:
        self.sandbox.start()
        eventually(self._sandbox_answers, START_LIMIT_S, f"the sandbox answers, see {self.sandbox.log}")

    def start_bot(self) -> None:
        """Starts the bot and waits until its introduction is made."""
        seen = self.log().count("ready")
        self.bot.start()
        eventually(
            lambda: self.log().count("ready") > seen, START_LIMIT_S, f"the bot is ready, see {self.bot.log}"
        )

    def stop(self) -> None:
        self.bot.stop()
        self.sandbox.stop()

    def chat(self, user: int, group: int | None = None) -> Chat:
        return Chat(self.url, user, group)

    def stats(self) -> dict[str, Any]:
        """What the sandbox has counted."""
        return dict(requests.get(f"{self.url}/sandbox/stats", timeout=5).json())

    def log(self) -> str:
        return self.bot.log.read_text() if self.bot.log.exists() else ""

    def _sandbox_answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/sandbox/stats", timeout=2).ok
        except requests.RequestException:
            return False
