"""A person in the sandbox: writes, presses, and reads what the bot answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.waiting import eventually

Message = dict[str, Any]
ANSWER_LIMIT_S = 15


class Chat:
    """One user's chat with the bot; with `group`, what they do in a group."""

    def __init__(self, sandbox: str, user: int, group: int | None = None) -> None:
        self.user, self.group = user, group
        self._url = f"{sandbox}/sandbox/users/{user}"
        self._http = requests.Session()

    def introduce(self, **person: str) -> "Chat":
        """Sets first_name, username, language_code."""
        answer = self._http.patch(self._url, json=person)
        assert answer.ok, answer.text
        return self

    def view(self) -> dict[str, Any]:
        where = {"chat_id": self.group} if self.group else {}
        found: dict[str, Any] = self._http.get(f"{self._url}/chat", params=where).json()
        return found

    def answers(self, since: int = 0) -> list[Message]:
        """The bot's messages, oldest first."""
        return [m for m in self.view()["messages"] if m["from"]["is_bot"] and m["message_id"] > since]

    def last(self) -> Message:
        """The newest message with buttons."""
        return [m for m in self.answers() if buttons(m)][-1]

    def post(self, text: str = "", **extra: Any) -> int:
        """Sends without waiting. Returns the message_id."""
        body = ({"text": text} if text else {}) | ({"chat_id": self.group} if self.group else {}) | extra
        answer = self._http.post(f"{self._url}/messages", json=body)
        assert answer.ok, answer.text
        return int(answer.json()["message_id"])

    def say(self, text: str = "", **extra: Any) -> Message:
        """Sends, and waits for the answer that has buttons: the bot's last word."""
        return self.answer_to(self.post(text, **extra))

    def answer_to(self, message_id: int) -> Message:
        return eventually(lambda: self._with_buttons(message_id), ANSWER_LIMIT_S, f"answer in {self.user}")

    def press(self, label: str, message: Message | None = None) -> dict[str, Any]:
        """Presses a button whose text contains `label`, and waits until the bot has answered the press."""
        message = message or self.last()
        return self.press_data(button(message, label)["callback_data"], message)

    def press_data(self, data: str, message: Message) -> dict[str, Any]:
        body = {"message_id": message["message_id"], "data": data}
        answer = self._http.post(f"{self._url}/callbacks", json=body | self._in_group())
        assert answer.ok, answer.text
        query = answer.json()["callback_query_id"]
        return eventually(lambda: self._answered(query), ANSWER_LIMIT_S, f"answer to {data}")

    def message(self, message_id: int) -> Message:
        return next(m for m in self.view()["messages"] if m["message_id"] == message_id)

    def reads(self, words: str, message_id: int | None = None) -> Message:
        """Waits until the newest message with buttons (or the given one) contains the words."""

        def found() -> Message | None:
            shown = [
                m for m in self.answers() if m["message_id"] == message_id or (buttons(m) and not message_id)
            ]
            return shown[-1] if shown and words in shown[-1]["text"] else None

        return eventually(found, ANSWER_LIMIT_S, f"{words!r} in the chat of {self.user}")

    def init_data(self) -> str:
        return str(self._http.get(f"{self._url}/init-data").json()["init_data"])

    @contextmanager
    def one_answer(self) -> Iterator[None]:
        """Fails unless the block brings exactly one new message of the bot."""
        before = len(self.answers())
        yield
        assert len(self.answers()) == before + 1

    def _in_group(self) -> dict[str, int]:
        return {"chat_id": self.group} if self.group else {}

    def _with_buttons(self, since: int) -> Message | None:
        found = [m for m in self.answers(since) if "inline_keyboard" in m.get("reply_markup", {})]
        return found[-1] if found else None

    def _answered(self, query: str) -> dict[str, Any] | None:
        records = (c for c in self.view()["callbacks"] if c["id"] == query and c["answered"])
        return next(records, None)


def buttons(message: Message) -> list[dict[str, Any]]:
    """All buttons under a message, row by row."""
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def button(message: Message, label: str) -> dict[str, Any]:
    found = [b for b in buttons(message) if label in b["text"]]
    assert found, f"no {label!r} among {[b['text'] for b in buttons(message)]}"
    return found[0]


Newcomer = Callable[..., Chat]
