"""Newcomers, players who press Refresh, somebody who taps: the load, and what they had to wait."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from bench.bot_town import FIRST_PLAYER, Town
from sandbox.state import Json
from sandbox.users import acts

NEWCOMERS_PER_S = 5.0
REFRESHES_PER_S = 20.0
REFRESH = "show:welcome:1"
"""Show(screen=WELCOME, again=True), spelled out: aiogram takes seconds to import."""
SAMPLE_S = 1.0


@dataclass
class Measured:
    """Replies in seconds by kind, and how old live messages became."""

    replies: dict[str, list[float]] = field(default_factory=lambda: {"message": [], "button": []})
    unanswered: int = 0
    budgets: list[float] = field(default_factory=list)
    """Edits of live messages a second, sampled once a second."""
    oldest_s: float = 0.0
    worst: float = 0.0
    """The highest of: age of the oldest live message ÷ (live chats ÷ budget)."""
    chats: int = 0


async def alone(town: Town, changes: int) -> list[float]:
    """One chat: seconds from a change to the edit that shows it.

    Each change comes the moment the edit before was seen, from when on Telegram's limits keep us longest. After a
    minute of that the reserve is gone, and it takes what 20 edits a minute make: 3 s.
    """
    [(chat, message_id)] = town.messages.items()
    services, messages = town.services, town.parts.state.chat(chat).messages
    total, took = services.players.hot.keys.total(services.players.hot.keys.shard(chat)), []
    for _ in range(changes):
        shown = f"Global clicks: {int(services.redis.incr(total)):,}"
        begun = time.monotonic()
        await town.until(chat, partial(_reads, messages, message_id, shown))
        took.append(time.monotonic() - begun)
    return took


def _reads(messages: dict[int, Json], message_id: int, words: str) -> bool:
    return words in messages[message_id]["text"]


class Load:
    """Drives a town for some seconds."""

    def __init__(self, town: Town, seed: int = 1) -> None:
        self.town, self.random = town, random.Random(seed)
        self.measured = Measured()
        self._numbers = count(FIRST_PLAYER + 1_000_000)
        self._shown: dict[int, tuple[str, float]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, seconds: float, patience_s: float = 60) -> Measured:
        """Returns when the time is over and everybody has an answer, or `patience_s` later."""
        begun = time.monotonic()
        for chat in self.town.messages:
            self._watch(chat, begun)
        beside = [asyncio.create_task(self._sample()), asyncio.create_task(self._tap())]
        await asyncio.gather(
            self._arrive(self._newcomer, NEWCOMERS_PER_S, seconds),
            self._arrive(self._refresher, REFRESHES_PER_S, seconds),
        )
        for task in beside:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=patience_s)
        self.measured.unanswered += len(self._under_way)
        return self.measured

    async def _arrive(self, person: Callable[[], Awaitable[None]], per_s: float, seconds: float) -> None:
        """Somebody comes now and then, as people do: the gaps are exponentially distributed."""
        begun = at = time.monotonic()
        while (at := at + self.random.expovariate(per_s)) < begun + seconds:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            task = asyncio.ensure_future(self._person(person))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _person(self, person: Callable[[], Awaitable[None]]) -> None:
        try:
            await person()
        except TimeoutError:
            self.measured.unanswered += 1

    async def _newcomer(self) -> None:
        """/start, then a username: typed, or taken from a button."""
        user, parts = next(self._numbers), self.town.parts
        chat = parts.state.chat(user)

        def answer(since: int, markup: str) -> Json | None:
            news = [m for m in chat.messages.values() if m["message_id"] > since and m["from"]["is_bot"]]
            return next((m for m in news if markup in m.get("reply_markup", {})), None)

        begun = time.monotonic()
        asked = acts.write(parts, user, {"text": "/start"})["message_id"]
        question = await self.town.until(user, lambda: answer(asked, "inline_keyboard"))
        await self.town.until(user, lambda: answer(asked, "force_reply"))
        self._answered("message", begun)
        await asyncio.sleep(self.random.uniform(1, 3))
        begun = time.monotonic()
        if self.random.random() < 0.5:
            wrote = acts.write(parts, user, {"text": f"new_{user}"})["message_id"]
            await self.town.until(user, lambda: answer(wrote, "inline_keyboard"))
            self._answered("message", begun)
        else:
            buttons = question["reply_markup"]["inline_keyboard"]
            await self._press(user, question["message_id"], buttons[0][0]["callback_data"])

    async def _refresher(self) -> None:
        user = self.random.choice(list(self.town.messages))
        await self._press(user, self.town.messages[user], REFRESH)

    async def _press(self, user: int, message_id: int, data: str) -> None:
        begun = time.monotonic()
        query = acts.press(self.town.parts, user, {"message_id": message_id, "data": data})
        chat = self.town.parts.state.chat(user)

        def answered() -> bool:
            return any(c["answered"] for c in chat.callbacks if c["id"] == query["callback_query_id"])

        await self.town.until(user, answered)
        self._answered("button", begun)

    def _answered(self, kind: str, begun: float) -> None:
        self.measured.replies[kind].append(time.monotonic() - begun)

    def _watch(self, chat: int, begun: float) -> None:
        """Notes when the live message of the chat changed."""
        messages, message_id = self.town.parts.state.chat(chat).messages, self.town.messages[chat]
        self._shown[chat] = (messages[message_id]["text"], begun)

        def listen() -> None:
            text, at = self._shown[chat]
            if messages[message_id]["text"] != text:
                self._note(time.monotonic() - at)
                self._shown[chat] = (messages[message_id]["text"], time.monotonic())

        self.town.ears.heard[chat].append(listen)

    def _note(self, age_s: float) -> None:
        self.measured.oldest_s = max(self.measured.oldest_s, age_s)

    async def _sample(self) -> None:
        live, outbox = self.town.services.live, self.town.services.outbox
        while True:
            await asyncio.sleep(SAMPLE_S)
            budget, chats = await asyncio.to_thread(lambda: (outbox.edit_budget(), live.count()))
            oldest = time.monotonic() - min(at for _, at in self._shown.values())
            self._note(oldest)
            self.measured.budgets.append(budget)
            self.measured.chats = max(self.measured.chats, chats)
            self.measured.worst = max(self.measured.worst, oldest / (chats / budget))

    async def _tap(self) -> None:
        """Once a second the global number grows, so that every live message has news."""
        services, player = self.town.services, next(iter(self.town.messages))
        keys = services.players.hot.keys
        while True:
            await asyncio.sleep(1)
            k = keys.shard(player)
            await asyncio.to_thread(services.redis.incrby, keys.total(k), 1)
