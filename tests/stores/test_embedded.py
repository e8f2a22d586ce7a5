"""Embedded stores: real servers, really killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest
import redis

from clicker.stores import embedded
from tests.waiting import eventually


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def postgres(data_dir):
    running = embedded.Running(embedded.prepare(data_dir, ["database_url"])["database_url"])
    running.start()
    yield running
    running.stop()


def sql(url, statement):
    connection = psycopg2.connect(url, connect_timeout=5)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_what_valkey_acknowledged_is_there_after_kill_9(tmp_path):
    with embedded.valkey(tmp_path / "valkey") as server:
        client = redis.Redis.from_url(server.url)
        for number in range(500):
            client.set(f"tap:{number}", number)
        server.kill()
        server.start()
        assert client.dbsize() == 500


def test_valkey_fsyncs_before_it_answers_and_evicts_nothing(tmp_path):
    with embedded.valkey(tmp_path / "folder with a space", maxmemory="64mb") as server:
        client = redis.Redis.from_url(server.url, decode_responses=True)
        asked = client.config_get(
            "appendfsync", "appendonly", "maxmemory-policy", "save", "bind", "maxmemory"
        )
    assert asked == {
        "appendfsync": "always",
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "save": "",
        "bind": "127.0.0.1",
        "maxmemory": str(64 * 1024 * 1024),
    }


def test_what_postgres_committed_is_there_after_kill_9(postgres):
    sql(postgres.url, "CREATE TABLE player AS SELECT generate_series(1, 100) AS id")
    postgres.kill()
    postgres.start()
    assert sql(postgres.url, "SELECT count(*) FROM player") == [(100,)]


def test_postgres_keeps_unicode_and_fsyncs(postgres):
    assert sql(postgres.url, "SELECT lower('ÄЖ'), current_setting('fsync')") == [("äж", "on")]


def test_an_initialised_store_starts_in_under_a_second(postgres):
    postgres.stop()
    began = time.monotonic()
    postgres.start()
    assert time.monotonic() - began < 1


def test_the_context_gives_a_url_that_answers_and_stops_at_the_end(tmp_path):
    with embedded.postgres(tmp_path / "postgres") as url:
        assert sql(url, "SELECT 1") == [(1,)]
    assert embedded.port_is_free(urlsplit(url).port)


def test_variables_of_another_postgres_do_not_lead_it_astray(monkeypatch, data_dir):
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    running = embedded.Running(embedded.prepare(data_dir, ["database_url"])["database_url"])
    running.start()
    running.stop()


def test_a_pid_file_left_by_a_crash_does_not_keep_a_store_from_starting(postgres, data_dir):
    postgres.kill()
    pid_file = data_dir / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # the pid is someone else's by now
    embedded.prepare(data_dir, ["database_url"])
    postgres.start()


def test_a_server_left_running_is_ended_before_another_works_on_its_files(tmp_path):
    leftover = embedded.Running(embedded.prepare(tmp_path, ["redis_url"])["redis_url"])
    leftover.start()
    process = psutil.Process(leftover.pid)
    embedded.prepare(tmp_path, ["redis_url"])
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    leftover.stop()


def test_ports_are_remembered_and_found_from_another_terminal(tmp_path):
    first = embedded.prepare(tmp_path, ["redis_url"])
    again = embedded.prepare(tmp_path, ["redis_url"])
    assert first["redis_url"].url == again["redis_url"].url
    assert embedded.running_urls(tmp_path) == {"redis_url": first["redis_url"].url}


def test_a_port_that_someone_else_took_is_chosen_again(tmp_path):
    before = embedded.prepare(tmp_path, ["redis_url"])["redis_url"].url
    with socket.create_server(("127.0.0.1", urlsplit(before).port)):
        after = embedded.prepare(tmp_path, ["redis_url"])["redis_url"].url
    assert after != before
    assert embedded.running_urls(tmp_path) == {"redis_url": after}


@pytest.mark.parametrize("content", [None, "", "{", '{"other": 1}'])
def test_without_stores_there_are_no_urls(tmp_path, content):
    if content is not None:
        (tmp_path / "stores.json").write_text(content)
    assert embedded.running_urls(tmp_path) == {}


PARENT = """
import sys, time, pathlib
from clicker.stores import embedded
from tests.waiting import eventually
with embedded.valkey(pathlib.Path(sys.argv[1])) as server:
    print(server.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent's life")
def test_a_store_does_not_outlive_a_parent_that_was_killed(tmp_path):
    argv = [sys.executable, "-c", PARENT, str(tmp_path / "valkey")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        store = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    eventually(lambda: not store.is_running())
