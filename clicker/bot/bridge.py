"""From asyncio to the services, which are synchronous: a bounded number of threads, and a time limit on each call."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 16
"""More than Postgres connections (8), so that those who need only the hot store are not held up behind it."""
LIMIT_S = 6.0
"""Longer than the stores' own limits (2 s an answer), which give better errors."""


class Bridge:
    """Calls blocking functions without blocking the loop."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="bridge")

    async def __call__(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result within LIMIT_S seconds, waiting for a thread included.

        The context goes along: texts come in the caller's language. Raises TimeoutError; a call that had begun
        then runs on to its end, unheard. What is still waiting is taken back.
        """
        context = copy_context()
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, lambda: context.run(function, *args, **kwargs))
        return await asyncio.wait_for(answer, LIMIT_S)

    def close(self) -> None:
        """Takes no more calls; those that run end by the stores' own limits."""
        self._threads.shutdown(wait=False, cancel_futures=True)
