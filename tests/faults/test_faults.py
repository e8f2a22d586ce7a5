"""Faults without a kill: a store is gone, frozen or empty, the clock steps. Play goes on or waits; nothing is lost."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests

from clicker import wiring
from tests.conftest import wipe
from tests.faults.conftest import House
from tests.waiting import eventually


def test_play_goes_on_without_postgres_and_the_flush_catches_up(house: House) -> None:
    tappers = house.tappers()
    house.moves(tappers)
    house.postgres.stop()
    for _ in range(3):
        house.moves(tappers)
    assert all(tapper.unavailable == 0 for tapper in tappers)
    assert requests.get(f"{house.web.url}/health/ready", timeout=10).status_code == 503
    house.postgres.start()
    house.moves(tappers)
    house.settle(tappers)


def test_without_the_hot_store_everyone_is_told_at_once_and_taps_wait(house: House) -> None:
    tappers = house.tappers()
    house.moves(tappers)
    house.valkey.stop()
    eventually(lambda: refusal(house) == 503, 10, "the web process notices")
    for _ in range(20):
        begun = time.monotonic()
        assert refusal(house) == 503
        assert time.monotonic() - begun < 0.5
    begun = time.monotonic()
    assert requests.get(f"{house.web.url}/health/live", timeout=5).status_code == 200
    assert time.monotonic() - begun < 0.5
    house.start("valkey")
    house.moves(tappers)
    assert any(tapper.unavailable for tapper in tappers)
    house.settle(tappers)


def test_a_frozen_hot_store_holds_nobody_for_long_and_loses_nothing(house: House) -> None:
    tappers = house.tappers()
    house.moves(tappers)
    os.kill(house.valkey.pid, signal.SIGSTOP)
    eventually(lambda: refusal(house) == 503, 15, "the web process gives up on it")
    os.kill(house.valkey.pid, signal.SIGCONT)
    house.moves(tappers)
    house.settle(tappers)


def test_a_slow_hot_store_slows_the_pace_and_play_goes_on(house: House) -> None:
    tappers = house.tappers()
    house.moves(tappers)
    pace, enough = house.services.pace, threading.Event()

    def stall() -> None:
        with wiring.build(house.services.settings).redis as store:
            while not enough.is_set():
                store.client_pause(300)

    stalling = threading.Thread(target=stall)
    stalling.start()
    try:
        eventually(lambda: "store_ms" in pace.follow().state.reasons, 20, "pace feels it")
        assert pace.current().level in ("strained", "shedding")
        for _ in range(3):
            house.moves(tappers)
    finally:
        enough.set()
        stalling.join()
    assert all(tapper.unavailable == 0 for tapper in tappers)
    house.settle(tappers)


def test_a_wiped_hot_store_is_rebuilt_while_people_play(house: House) -> None:
    tappers = house.tappers()
    house.moves(tappers)
    for tapper in tappers:
        tapper.enough.set()
    for tapper in tappers:
        tapper.join(30)
    eventually(house.flushed, 30, "all is in Postgres")
    wipe(house.services)
    again = house.tappers()
    for new, old in zip(again, tappers, strict=True):
        new.made += old.made
        new.acknowledged += old.acknowledged
    house.moves(again)
    house.settle(again)


def test_a_frozen_postgres_stops_no_taps(house: House) -> None:
    tappers = house.tappers()
    house.moves(tappers)
    postgres = psutil.Process(house.postgres.pid)
    frozen = [postgres, *postgres.children(recursive=True)]
    for process in frozen:
        process.suspend()
    try:
        headers = {"Authorization": f"Bearer {tappers[0].device.token}", "Accept": "application/json"}

        def rename(number: int) -> int:
            name = {"username": f"frozen{number}"}
            return requests.post(f"{house.web.url}/username", name, headers=headers, timeout=60).status_code

        with ThreadPoolExecutor(12) as threads:
            answers = [threads.submit(rename, number) for number in range(12)]
            for _ in range(3):
                house.moves(tappers)
            assert {answer.result() for answer in answers} == {503}
    finally:
        for process in frozen:
            process.resume()
    house.settle(tappers)


def refusal(house: House) -> int:
    return requests.post(
        f"{house.web.url}/click", headers={"Accept": "application/json"}, timeout=10
    ).status_code
