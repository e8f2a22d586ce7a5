"""Group commit: script calls of concurrent requests travel to the hot store together, in one round trip.

With `appendfsync always` the store fsyncs once for all commands that it finds waiting, so a hundred taps that arrive
together cost one write to the disk; and redis-py's work for a call is done once for all of them. There is no thread
behind this: whoever is first in a batch waits until the batch before it has been answered, and then speaks for all
that have gathered meanwhile. An event for a batch, not a lock for a call: that would cost three times as much.
"""

import threading
from time import monotonic, perf_counter
from typing import Any

import hiredis
import redis
from redis.exceptions import ConnectionError, TimeoutError

MOST_AT_ONCE = 256
"""Calls in one round trip."""
MOST_WAITING = 10_000
"""Calls that may wait in this process; the next one is refused at once."""
REDIRECTIONS = 3
"""How often a call follows a slot that has moved to another node."""
PATIENCE_S = 5.0
"""A batch that could not be sent for this long is given up, in seconds; longer than the connection's own time limit."""


class Traffic:
    """What this process has sent through shared pipelines, for the metrics."""

    calls = round_trips = 0
    seconds = 0.0


traffic = Traffic()


class _Call:
    __slots__ = ("answer", "bytes")

    def __init__(self, packed: bytes) -> None:
        self.bytes = packed
        self.answer: Any = None


class _Batch:
    """Calls that travel together: sent in their `turn`, when the `next` turn is set their answers are there.

    The next batch is woken before the calls of this one, so that the store works while they are being answered.
    """

    __slots__ = ("answered", "begun", "calls", "next", "turn")

    def __init__(self, turn: threading.Event) -> None:
        self.turn, self.next, self.answered = turn, threading.Event(), threading.Event()
        self.begun = 0.0
        self.calls: list[_Call] = []


class SharedPipeline:
    """One connection to a server, shared by all threads or greenlets of a process."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._connection: Any = None
        self._joining = threading.Lock()
        self._waiting = 0
        nothing = threading.Event()
        nothing.set()
        self._gathering = _Batch(nothing)

    def evalsha(self, sha: str, keys: list[str], args: list[Any]) -> Any:
        """Runs a script that the store has. Raises NoScriptError if it has not, or what the connection raises."""
        call = _Call(hiredis.pack_command(("EVALSHA", sha, len(keys), *keys, *args)))
        batch, leads = self._join(call)
        if leads:
            self._lead(batch)
        else:
            batch.answered.wait()
        if isinstance(call.answer, Exception):
            raise call.answer
        return call.answer

    def _join(self, call: _Call) -> tuple[_Batch, bool]:
        """Adds the call to the batch that gathers. True for whoever is first in it, and so leads it."""
        with self._joining:
            if self._waiting >= MOST_WAITING:
                raise ConnectionError("too many calls wait for the hot store")
            self._waiting += 1
            batch = self._gathering
            if len(batch.calls) >= MOST_AT_ONCE:
                batch = self._gathering = _Batch(batch.next)
            leads = not batch.calls
            if leads:
                batch.begun = monotonic()
            batch.calls.append(call)
            return batch, leads

    def _lead(self, batch: _Batch) -> None:
        """Speaks for a batch when its turn comes: soon, for the exchange before it ends within its time limits."""
        try:
            batch.turn.wait()
        except BaseException:  # the leader is stopped while it waits: somebody must speak for the others
            threading.Thread(target=self._lead, args=(batch,), daemon=True).start()
            raise
        self._close(batch)
        try:
            if monotonic() - batch.begun > PATIENCE_S:
                self._tell(batch.calls, TimeoutError("no answer from the hot store"))
            else:
                self._exchange(batch.calls)
        finally:
            batch.next.set()
            batch.answered.set()

    def _close(self, batch: _Batch) -> None:
        """From here on calls join the next batch."""
        with self._joining:
            self._waiting -= len(batch.calls)
            if self._gathering is batch:
                self._gathering = _Batch(batch.next)

    def _exchange(self, calls: list[_Call]) -> None:
        answered, begun = 0, perf_counter()
        try:
            connection = self._connected()
            connection.send_packed_command([b"".join([call.bytes for call in calls])])
            for call in calls:
                call.answer = self._read(connection)
                answered += 1
        except BaseException as error:
            self._disconnect()
            told = error if isinstance(error, redis.RedisError) else ConnectionError("the exchange broke off")
            self._tell(calls[answered:], told)
            if not isinstance(error, (redis.RedisError, OSError)):
                raise
        finally:
            traffic.calls += len(calls)
            traffic.round_trips += 1
            traffic.seconds += perf_counter() - begun

    @staticmethod
    def _tell(calls: list[_Call], error: Exception) -> None:
        for call in calls:
            call.answer = error

    @staticmethod
    def _read(connection: Any) -> Any:
        try:
            return connection.read_response()
        except redis.ResponseError as error:
            return error

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection = self._pool.connection_class(**self._pool.connection_kwargs)
        if not self._connection.is_connected:
            self._connection.connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.disconnect()


class SharedCluster:
    """One shared pipeline a node; a call goes to the node that has the slot of its first key."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._pipelines: dict[str, SharedPipeline] = {}

    def evalsha(self, sha: str, keys: list[str], args: list[Any]) -> Any:
        """As `SharedPipeline.evalsha`. After a redirection or a lost node the slots are asked for anew, a few times."""
        for attempt in range(REDIRECTIONS):
            try:
                return self._pipeline(keys[0]).evalsha(sha, keys, args)
            except (redis.exceptions.MovedError, redis.exceptions.ClusterDownError):
                self._client.nodes_manager.initialize()
                if attempt == REDIRECTIONS - 1:
                    raise
        raise AssertionError("unreachable")

    def _pipeline(self, key: str) -> SharedPipeline:
        node = self._client.get_node_from_key(key)
        if node.name not in self._pipelines:
            pool = self._client.get_redis_connection(node).connection_pool
            self._pipelines[node.name] = SharedPipeline(pool)
        return self._pipelines[node.name]


def shared(client: Any) -> SharedPipeline | SharedCluster:
    """The way of sharing round trips that suits this client."""
    if isinstance(client, redis.RedisCluster):
        return SharedCluster(client)
    return SharedPipeline(client.connection_pool)
