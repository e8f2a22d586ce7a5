"""What the bot itself keeps in the hot store: conversations, their locks, and which updates were handled."""

from aiogram.fsm.storage.base import DefaultKeyBuilder
from aiogram.fsm.storage.redis import RedisStorage
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError

from clicker.bot.isolation import RenewedIsolation

CONNECTIONS = 128
"""More than updates in flight (100), each of which holds one connection now and then."""
CONNECT_S = 1.0
ANSWER_S = 2.0
HANDLED_KEPT_S = 24 * 3600
"""As long as Telegram keeps an update that was not confirmed (core.telegram.org/bots/api#getting-updates)."""
PAGE = 256
"""Updates noted in one hash: few enough for the store's compact form, 12 bytes an update."""


class BotStore:
    """The bot's own connection, the only asynchronous one. `bot_id` keeps apart what belongs to another bot."""

    def __init__(self, url: str, bot_id: int) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=ANSWER_S,
            socket_connect_timeout=CONNECT_S,
            socket_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        )
        self._redis = Redis(connection_pool=pool)
        self._handled = f"fsm:{bot_id}:handled:"
        builder = DefaultKeyBuilder(prefix="fsm", with_bot_id=True, with_destiny=True)
        self.storage = RedisStorage(self._redis, key_builder=builder)
        self.isolation = RenewedIsolation(self._redis, key_builder=builder)

    async def was_handled(self, update_id: int, digest: bytes) -> bool:
        """True if this very update was handled.

        Its number alone does not tell: another server, or the same one with its memory lost, counts anew.
        """
        return bool(await self._redis.hget(self._page(update_id), str(update_id)) == digest)

    async def remember_handled(self, update_id: int, digest: bytes) -> None:
        """For HANDLED_KEPT_S after the last one of its page."""
        page = self._page(update_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(page, str(update_id), digest)
            pipe.expire(page, HANDLED_KEPT_S)
            await pipe.execute()

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)

    def _page(self, update_id: int) -> str:
        return f"{self._handled}{update_id // PAGE}"
