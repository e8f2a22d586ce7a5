"""Calls that share a round trip: each gets its own answer, and none is left waiting whatever happens."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1

import pytest
import redis

from clicker.stores import embedded, shared
from clicker.stores.redis import connect
from clicker.stores.shared import SharedPipeline
from tests.waiting import eventually

ECHO = "return {KEYS[1], tonumber(ARGV[1])}"
SHA = sha1(ECHO.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def server(folder) -> Iterator[embedded.Running]:
    with embedded.valkey(folder / "valkey") as running:
        yield running


@pytest.fixture
def client(server) -> Iterator[redis.Redis]:
    made = connect(server.url)
    made.script_load(ECHO)
    yield made
    made.close()


@pytest.fixture
def pipeline(client) -> SharedPipeline:
    return SharedPipeline(client.connection_pool)


def ask(pipeline: SharedPipeline, number: int) -> object:
    return pipeline.evalsha(SHA, [f"key{number}"], [number])


def outcome(pipeline: SharedPipeline, number: int) -> str:
    try:
        assert ask(pipeline, number) == [f"key{number}", number]
    except redis.RedisError as error:
        return type(error).__name__
    return "answered"


def test_everyone_gets_their_own_answer(pipeline):
    with ThreadPoolExecutor(64) as threads:
        answers = list(threads.map(lambda number: ask(pipeline, number), range(5000)))
    assert answers == [[f"key{number}", number] for number in range(5000)]


def test_concurrent_calls_travel_together(pipeline, client):
    before = client.info("stats")["total_reads_processed"]
    with ThreadPoolExecutor(64) as threads:
        list(threads.map(lambda number: ask(pipeline, number), range(5000)))
    assert client.info("stats")["total_reads_processed"] - before < 2500


def test_a_script_that_the_store_does_not_have_is_said_so_and_hurts_nobody_else(pipeline):
    with pytest.raises(redis.exceptions.NoScriptError):
        pipeline.evalsha("0" * 40, ["key"], [])
    assert ask(pipeline, 1) == ["key1", 1]


def test_after_a_killed_store_everyone_is_told_and_the_next_call_works(pipeline, server, client):
    enough = threading.Event()
    seen: list[str] = []

    def go_on(number: int) -> None:
        while not enough.is_set():
            seen.append(outcome(pipeline, number))

    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    server.kill()
    server.start()
    client.script_load(ECHO)
    enough.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive(), "nobody waits for ever"
    assert ask(pipeline, 7) == ["key7", 7]
    assert "ConnectionError" in seen


def test_a_frozen_store_holds_everyone_for_seconds_at_most(pipeline, server):
    ask(pipeline, 1)
    os.kill(server.pid, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        with ThreadPoolExecutor(16) as threads:
            outcomes = set(threads.map(lambda number: outcome(pipeline, number), range(16)))
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert outcomes <= {"TimeoutError", "ConnectionError"}
    assert time.monotonic() - begun < 2 * shared.PATIENCE_S
    assert ask(pipeline, 2) == ["key2", 2]


def test_when_too_many_wait_the_next_is_refused_at_once(pipeline, server, monkeypatch):
    monkeypatch.setattr(shared, "MOST_WAITING", 4)
    ask(pipeline, 1)
    os.kill(server.pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(16) as threads:
            outcomes = list(threads.map(lambda number: outcome(pipeline, number), range(16)))
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert outcomes.count("answered") == 0
    assert ask(pipeline, 2) == ["key2", 2]


def test_when_a_leader_is_stopped_while_it_waits_the_others_are_answered(pipeline):
    class Stopped(BaseException):
        pass

    class Turn(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if threading.current_thread() is leader:
                others.wait(10)
                raise Stopped
            return super().wait(timeout)

    def lead() -> None:
        with pytest.raises(Stopped):
            ask(pipeline, 0)
        stopped.set()

    others, stopped = threading.Event(), threading.Event()
    turn = pipeline._gathering.turn = Turn()
    leader = threading.Thread(target=lead)
    leader.start()
    eventually(lambda: pipeline._waiting == 1, 10, "the leader waits")
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(ask, pipeline, number) for number in range(1, 5)]
        eventually(lambda: pipeline._waiting == 5, 10, "the others follow it")
        others.set()
        assert stopped.wait(10)
        turn.set()
        assert [answer.result(10) for answer in answers] == [[f"key{n}", n] for n in range(1, 5)]
    assert ask(pipeline, 7) == ["key7", 7]
