"""The hot store's connections and the loader of packaged Lua scripts."""

from collections.abc import Callable
from functools import cached_property
from hashlib import sha1
from importlib.resources import files
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from clicker.stores.shared import shared

Error = redis.RedisError
"""What every command may raise when the store is away, slow or loading."""

CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 2.0
POOL_SIZE = 64
POOL_TIMEOUT_S = 1.0


def connect(url: str) -> redis.Redis:
    """A client that answers with `str`: a cluster's if the scheme says so, else one with a bounded, waiting pool.

    A single server is connected to when first used, a cluster at once (the client asks it for its slots).
    No command is repeated by the client: whether a repeat is safe is for the caller to know.
    """
    limits: dict[str, Any] = {
        "max_connections": POOL_SIZE,
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": ANSWER_TIMEOUT_S,
        "decode_responses": True,
    }
    if is_cluster(url):
        # A cluster answers for all clients alike, and a node may have moved: its client repeats what was redirected.
        return redis.RedisCluster.from_url(url.replace("+cluster", "", 1), **limits)  # type: ignore[return-value]
    pool = redis.BlockingConnectionPool.from_url(
        url, timeout=POOL_TIMEOUT_S, retry=Retry(NoBackoff(), 0), **limits
    )
    return redis.Redis(connection_pool=pool)


def is_cluster(url: str) -> bool:
    """True for `redis+cluster://…` and `rediss+cluster://…`."""
    return "+cluster://" in url


def connect_rq(url: str, answer_timeout_s: float | None = None) -> redis.Redis:
    """A client for RQ, which keeps pickled bytes. No answer timeout for who blocks on its queues, as a worker does."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_timeout=answer_timeout_s,
        health_check_interval=30,
    )


class Script:
    """A Lua script packaged beside the Python that uses it, called by digest.

    The file's header names KEYS, ARGV and what it returns.
    """

    def __init__(self, package: str, name: str) -> None:
        self.package = package
        self.name = name

    @cached_property
    def source(self) -> str:
        return files(self.package).joinpath(f"{self.name}.lua").read_text()

    def bind(self, client: redis.Redis) -> Any:
        """A callable `(keys=[…], args=[…])` that loads the script into the store when it is not there."""
        return client.register_script(self.source)

    def share(self, client: redis.Redis) -> Callable[[list[str], list[Any]], Any]:
        """A callable `(keys, args)` whose concurrent calls share round trips; loads the script when it is not there."""
        return sharing(client)(self.source)


def sharing(client: redis.Redis) -> Callable[[str], Callable[[list[str], list[Any]], Any]]:
    """Makes callables `(keys, args)` out of scripts' sources; concurrent calls of all of them share round trips."""
    evalsha = shared(client).evalsha

    def prepare(source: str) -> Callable[[list[str], list[Any]], Any]:
        sha = sha1(source.encode(), usedforsecurity=False).hexdigest()

        def call(keys: list[str], args: list[Any]) -> Any:
            try:
                return evalsha(sha, keys, args)
            except redis.exceptions.NoScriptError:
                client.script_load(source)
                return evalsha(sha, keys, args)

        return call

    return prepare
