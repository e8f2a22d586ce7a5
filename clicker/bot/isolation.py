"""One conversation, one update at a time, also with several bot processes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from aiogram.fsm.storage.base import StorageKey
from aiogram.fsm.storage.redis import RedisEventIsolation
from redis.asyncio.lock import Lock

from clicker.stores.redis import Error as StoreError

LOCK_S = 5.0
"""How long a conversation waits for a process that was killed in the middle of it."""
RENEWED_S = 1.5
WAIT_S = 20.0
_LOOK_AGAIN_S = 0.05


class RenewedIsolation(RedisEventIsolation):
    """aiogram's lock, with a short life that is renewed while the update is being handled.

    aiogram's own lives for a minute: long enough to let a handler of half a minute lose it in the worst case, and
    a minute of silence for the player after `kill -9`.
    """

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        """Raises redis.exceptions.LockError if the conversation is not free within WAIT_S."""
        lock = self.redis.lock(
            self.key_builder.build(key, "lock"),
            timeout=LOCK_S,
            blocking_timeout=WAIT_S,
            sleep=_LOOK_AGAIN_S,
            raise_on_release_error=False,
        )
        async with lock:
            renewal = asyncio.create_task(_renew(lock))
            try:
                yield
            finally:
                renewal.cancel()


async def _renew(lock: Lock) -> None:
    # A lock that is lost is not taken back: the update is nearly done, and all it does may be done twice.
    with suppress(StoreError):
        while True:
            await asyncio.sleep(RENEWED_S)
            await lock.reacquire()
