"""The state on disk, so that a restart keeps the chats.

A chat's JSON is made anew only if the chat changed; the rest of the file is put together from what was made
before. Saves are at most one a second, and rarer if they take long: never more than a fiftieth of the time
goes into them.
"""

import asyncio
import json
import logging
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.parts import Parts
from sandbox.state import Chat, User

BETWEEN_SAVES_S = 1.0
SHARE = 50
log = logging.getLogger(__name__)


class Archive:
    """Saves and restores one sandbox's state as `path`."""

    def __init__(self, parts: Parts, path: Path) -> None:
        self.parts = parts
        self.path = path
        self._chunks: dict[tuple[str, int], bytes] = {}

    def restore(self) -> None:
        """Loads the file, if there is a readable one; a broken file is put aside and named in the log."""
        try:
            saved = json.loads(self.path.read_bytes())
            self._fill(saved)
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError, AttributeError):
            aside = self.path.with_suffix(".broken.json")
            log.warning("the saved sandbox can't be read: moved to %s", aside.name)
            self.path.replace(aside)

    async def keep_saving(self) -> None:
        """Runs for ever."""
        spent = 0.0
        while True:
            await asyncio.sleep(max(BETWEEN_SAVES_S, SHARE * spent))
            state = self.parts.state
            if state.changed or state.dirty:
                begun = time.perf_counter()
                await asyncio.to_thread(self._write, self._lines())
                spent = time.perf_counter() - begun

    def save(self) -> None:
        """Writes the file now, whole or not at all."""
        self._write(self._lines())

    def _lines(self) -> list[bytes]:
        state = self.parts.state
        for kind, number in state.changed:
            self._chunks[kind, number] = self._chunk(kind, number)
        state.changed.clear()
        state.dirty = False
        users = [chunk for (kind, _), chunk in self._chunks.items() if kind == "user"]
        chats = [chunk for (kind, _), chunk in self._chunks.items() if kind == "chat"]
        core = json.dumps(self._core()).encode()
        people, talks = b",\n".join(users), b",\n".join(chats)
        return [b'{"core":', core, b',\n"users":[', people, b'],\n"chats":[', talks, b"]}\n"]

    def _write(self, lines: list[bytes]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(lines)
        os.replace(fresh, self.path)

    def _chunk(self, kind: str, number: int) -> bytes:
        state = self.parts.state
        if kind == "user":
            return json.dumps(asdict(state.users[number])).encode()
        chat = state.chats[number]
        plain = {**vars(chat), "messages": list(chat.messages.values()), "members": sorted(chat.members)}
        return json.dumps(plain).encode()

    def _core(self) -> dict[str, Any]:
        parts = self.parts
        profile = parts.state.profile
        return {
            "message_id": parts.state.last_message_id,
            "update_id": parts.state.last_update_id,
            "commands": [[*key, value] for key, value in profile.commands.items()],
            "menu_buttons": list(profile.menu_buttons.items()),
            "texts": [[*key, value] for key, value in profile.texts.items()],
            "updates": list(parts.updates.queue),
            "allowed": parts.updates.allowed,
            "webhook": [parts.webhook.url, parts.webhook.secret, parts.webhook.connections],
        }

    def _fill(self, saved: dict[str, Any]) -> None:
        parts, core = self.parts, saved["core"]
        users = [User(**user) for user in saved["users"]]
        chats = [_chat(chat) for chat in saved["chats"]]
        profile = parts.state.profile
        profile.commands = {(scope, language): value for scope, language, value in core["commands"]}
        profile.menu_buttons = dict(core["menu_buttons"])
        profile.texts = {(kind, language): value for kind, language, value in core["texts"]}
        parts.state.last_message_id, parts.state.last_update_id = core["message_id"], core["update_id"]
        parts.updates.queue.extend(core["updates"])
        parts.updates.allowed = core["allowed"]
        parts.webhook.set(*core["webhook"])
        parts.state.users = {user.id: user for user in users}
        parts.state.chats = {chat.id: chat for chat in chats}
        parts.state.changed = {("user", user.id) for user in users} | {("chat", chat.id) for chat in chats}


def _chat(saved: dict[str, Any]) -> Chat:
    messages = {message["message_id"]: message for message in saved["messages"]}
    return Chat(**saved | {"messages": messages, "members": set(saved["members"])})
