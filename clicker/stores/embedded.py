"""Stores for development: real PostgreSQL and Valkey servers out of Python wheels, when no URL is given.

They are prepared here and run in the foreground by `flask up`, which restarts them when they die. Their data
and the ports that were chosen for them stay in DATA_DIR. Tests use `postgres(folder)` and `valkey(folder)`.
"""

import json
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from clicker.stores import embedded_postgres, embedded_valkey
from clicker.stores.embedded_server import Running, Server, StoreError, environment, tethered

__all__ = [
    "Running",
    "Server",
    "StoreError",
    "environment",
    "port_is_free",
    "postgres",
    "prepare",
    "running_urls",
    "tethered",
    "valkey",
]

# Below the range that systems give to outgoing connections, one of which could else take a remembered port.
_PORTS = range(20_000, 32_000)
_PREPARE = {"database_url": embedded_postgres.prepare, "redis_url": embedded_valkey.prepare}
_FOLDERS = {"database_url": "postgres", "redis_url": "valkey"}


def prepare(data_dir: Path, wanted: list[str]) -> dict[str, Server]:
    """Prepares the stores `wanted` (of `database_url`, `redis_url`) and writes down where they will be.

    The caller holds the lock on `data_dir`. Raises StoreError.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    known = running_urls(data_dir)
    servers = {name: _prepare(name, data_dir, known.get(name, "")) for name in wanted}
    new = data_dir / "stores.json.new"
    new.write_text(json.dumps({name: server.url for name, server in servers.items()}, indent=2) + "\n")
    new.rename(data_dir / "stores.json")
    return servers


def running_urls(data_dir: Path) -> dict[str, str]:
    """The URLs of the embedded stores, under `database_url` and `redis_url`; empty if there are none.

    So that a command in another terminal finds the stores of `make run`.
    """
    try:
        found = json.loads((data_dir / "stores.json").read_text())
    except (OSError, ValueError):
        return {}
    return {name: str(url) for name, url in found.items() if name in _PREPARE}


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server on a free port, its data in `folder`; gives its URL and stops it at the end."""
    with _running(embedded_postgres.prepare(folder.resolve(), _free_port())) as server:
        yield server.url


@contextmanager
def valkey(folder: Path, **conf: str | int) -> Iterator[Running]:
    """A Valkey server on a free port, its data in `folder`; gives its handle and stops it at the end.

    `conf` adds or replaces settings, underscores for hyphens: `maxmemory="64mb"`.
    """
    with _running(embedded_valkey.prepare(folder.resolve(), _free_port(), **conf)) as server:
        yield server


def port_is_free(port: int) -> bool:
    """True if nothing listens on `port` of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def _running(server: Server) -> Iterator[Running]:
    running = Running(server)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def _prepare(name: str, data_dir: Path, known_url: str) -> Server:
    # Prepared before its port is looked at: a leftover of ours that still held it is gone by then.
    folder = data_dir / _FOLDERS[name]
    port = urlsplit(known_url).port or _free_port()
    server = _PREPARE[name](folder, port)
    return server if port_is_free(port) else _PREPARE[name](folder, _free_port())


def _free_port() -> int:
    for port in random.sample(_PORTS, 200):
        if port_is_free(port):
            return port
    raise StoreError("no free port found for an embedded store")
