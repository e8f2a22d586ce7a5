"""Group commit: script calls of concurrent requests travel to the hot store together, in one round trip.

With `appendfsync always` the store fsyncs once for all commands that it finds waiting, so a hundred taps that arrive
together cost one write to the disk; and redis-py's work for a call is done once for all of them. There is no thread
behind this: the first caller sends what has gathered, reads all answers, and passes the lead on to whoever waits.
"""

import threading
from collections import deque
from time import perf_counter
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
"""How long a caller waits for its answer, in seconds; longer than the connection's own time limit."""


class Traffic:
    """What this process has sent through shared pipelines, for the metrics."""

    calls = round_trips = 0
    seconds = 0.0


traffic = Traffic()


class _Call:
    __slots__ = ("answer", "bytes", "gate", "leads")

    def __init__(self, packed: bytes) -> None:
        self.bytes = packed
        self.answer: Any = None
        self.leads = False
        self.gate = threading.Lock()
        self.gate.acquire()


class SharedPipeline:
    """One connection to a server, shared by all threads or greenlets of a process."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._connection: Any = None
        self._waiting: deque[_Call] = deque()
        self._busy = False
        self._turn = threading.Lock()

    def evalsha(self, sha: str, keys: list[str], args: list[Any]) -> Any:
        """Runs a script that the store has. Raises NoScriptError if it has not, or what the connection raises."""
        call = _Call(hiredis.pack_command(("EVALSHA", sha, len(keys), *keys, *args)))
        if self._join(call):
            self._lead()
        else:
            self._wait(call)
        if isinstance(call.answer, Exception):
            raise call.answer
        return call.answer

    def _wait(self, call: _Call) -> None:
        """Waits for the answer, or for the lead. Whoever gives up or is killed meanwhile leaves nobody stuck."""
        try:
            answered = call.gate.acquire(timeout=PATIENCE_S)
        except BaseException:
            self._abandon(call)
            raise
        if not answered:
            self._abandon(call)
            raise TimeoutError("no answer from the hot store")
        if call.leads:
            self._lead()

    def _join(self, call: _Call) -> bool:
        """Queues the call. Returns True if its caller is to lead."""
        with self._turn:
            if len(self._waiting) >= MOST_WAITING:
                raise ConnectionError("too many calls wait for the hot store")
            self._waiting.append(call)
            lead, self._busy = not self._busy, True
            return lead

    def _lead(self) -> None:
        with self._turn:
            calls = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
        try:
            self._exchange(calls)
        finally:
            self._pass_on()
            for call in calls:
                call.gate.release()

    def _pass_on(self) -> None:
        with self._turn:
            self._choose()

    def _abandon(self, call: _Call) -> None:
        """A caller gives up; if it had just been given the lead, the next one gets it."""
        with self._turn:
            if call in self._waiting:
                self._waiting.remove(call)
            if call.leads:
                self._choose()

    def _choose(self) -> None:
        self._busy = bool(self._waiting)
        if self._busy:
            self._waiting[0].leads = True
            self._waiting[0].gate.release()

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
            for call in calls[answered:]:
                call.answer = told
            if not isinstance(error, (redis.RedisError, OSError)):
                raise
        finally:
            traffic.calls += len(calls)
            traffic.round_trips += 1
            traffic.seconds += perf_counter() - begun

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
