"""Who watches which chat: open chat pages hear of a change at once, and nobody else pays for it."""

import asyncio
from collections import defaultdict


class Watcher:
    """One open page: collects the ids of the chats that changed since it last looked."""

    def __init__(self) -> None:
        self.pending: set[int] = set()
        self.woken = asyncio.Event()

    def tell(self, chat_id: int) -> None:
        self.pending.add(chat_id)
        self.woken.set()

    def collect(self) -> list[int]:
        changed = sorted(self.pending)
        self.pending.clear()
        self.woken.clear()
        return changed


class Live:
    """The watchers by chat."""

    def __init__(self) -> None:
        self._watchers: dict[int, set[Watcher]] = defaultdict(set)
        self.closing = False

    def watch(self, chat_ids: list[int]) -> Watcher:
        watcher = Watcher()
        for chat_id in chat_ids:
            self._watchers[chat_id].add(watcher)
        return watcher

    def forget(self, watcher: Watcher) -> None:
        for chat_id in [key for key, watchers in self._watchers.items() if watcher in watchers]:
            self._watchers[chat_id].discard(watcher)
            if not self._watchers[chat_id]:
                del self._watchers[chat_id]

    def tell(self, chat_id: int) -> None:
        """Wakes the pages that show this chat."""
        for watcher in self._watchers.get(chat_id, ()):
            watcher.tell(chat_id)

    def close(self) -> None:
        """Ends every stream, so that a stop does not wait for open pages."""
        self.closing = True
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.woken.set()
