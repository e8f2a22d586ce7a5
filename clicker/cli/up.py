"""`flask up`, what `make run` calls: the whole game on one machine, with its stores where none are given."""

import fcntl
import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
import redis

from clicker.cli.supervisor import Program, StopAsked, Supervisor
from clicker.settings import Settings, SettingsError
from clicker.stores import embedded
from clicker.stores.keys import Keys

READY_LIMIT_S = 60.0
STORE_LIMIT_S = 20.0
MIGRATE_LIMIT_S = 60.0
ASK_TIMEOUT_S = 2.0

MIGRATE = ("-m", "flask", "--app", "wsgi", "db", "upgrade")
WEB = ("-m", "gunicorn", "-c", "clicker/web/gunicorn.py", "wsgi:app")
BOT = ("bot.py",)
WORKER = ("worker.py",)
SANDBOX = ("-m", "sandbox")
"""Arguments for Python. docker-compose.yml runs the same; a test compares them."""


@click.command("up")
def up() -> None:
    """Start the whole game on this machine; Ctrl-C stops it.

    Starts embedded stores (where DATABASE_URL or REDIS_URL is empty), migrates, starts web, bot, worker and
    sandbox, restarts the one that dies, and shows what they say.
    """
    try:
        settings = Settings.from_env()
        with _only_one(settings.data_dir), Supervisor() as supervisor:
            _check_ports(settings)
            _run(supervisor, settings)
    except StopAsked:
        click.echo("Stopped.")
    except (SettingsError, embedded.StoreError, OSError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Holds DATA_DIR: two servers on the same files would spoil them. The kernel lets go when we die."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(f"The game is already running on {data_dir}: stop it first.") from None
        yield


def _check_ports(settings: Settings) -> None:
    wanted = {"PORT": settings.port} | ({"SANDBOX_PORT": settings.sandbox_port} if settings.sandboxed else {})
    taken = [f"{port} ({name})" for name, port in wanted.items() if not embedded.port_is_free(port)]
    if taken:
        raise click.ClickException(f"Port in use: {', '.join(taken)}. Stop what uses it, or set another.")


def _run(supervisor: Supervisor, settings: Settings) -> None:
    began = time.monotonic()
    env = _environment(settings) | _start_stores(supervisor, settings)
    sandbox = _sandbox(settings, env)
    supervisor.start(*sandbox)  # it needs no store, and is there when the bot begins to speak to it
    _migrate(supervisor, env)
    hot_store = redis.Redis.from_url(
        env.get("REDIS_URL") or settings.redis_url,
        socket_connect_timeout=ASK_TIMEOUT_S,
        socket_timeout=ASK_TIMEOUT_S,
    )
    hot_store.delete(*map(Keys.alive, ("bot", "worker")))
    apps = _apps(settings, env, hot_store)
    supervisor.start(*apps)
    _wait(supervisor, [*sandbox, *apps], READY_LIMIT_S)
    _greet(settings, time.monotonic() - began)
    supervisor.until(lambda: False)


def _environment(settings: Settings) -> dict[str, str]:
    env = dict(os.environ) | {"PYTHONUNBUFFERED": "1"}
    if not settings.production:
        env.setdefault("LOG_FORMAT", "text")
    return env


def _start_stores(supervisor: Supervisor, settings: Settings) -> dict[str, str]:
    """Starts the stores that no URL was given for; returns what their users need in the environment."""
    wanted = [name for name in ("database_url", "redis_url") if not getattr(settings, name)]
    servers = embedded.prepare(settings.data_dir, wanted) if wanted else {}
    stores = [_store(server) for server in servers.values()]
    supervisor.start(*stores)
    _wait(supervisor, stores, STORE_LIMIT_S)
    return {name.upper(): server.url for name, server in servers.items()}


def _store(server: embedded.Server) -> Program:
    return Program(
        name=server.name,
        argv=server.argv,
        env=embedded.environment(),
        answers=server.answers,
        kind="store",
        stop_signal=server.stop_signal,
        user=server.user,
        folder=server.folder,
    )


def _migrate(supervisor: Supervisor, env: dict[str, str]) -> None:
    program = Program(name="migrate", argv=(sys.executable, *MIGRATE), env=env)
    if supervisor.run_once(program, MIGRATE_LIMIT_S) != 0:
        raise click.ClickException("The database could not be migrated, see above.")


def _sandbox(settings: Settings, env: dict[str, str]) -> list[Program]:
    if not settings.sandboxed:
        return []
    return [_app("sandbox", SANDBOX, env, partial(_answers, settings.sandbox_port, "/sandbox/stats"))]


def _apps(settings: Settings, env: dict[str, str], hot_store: redis.Redis) -> list[Program]:
    return [
        _app("web", WEB, env, partial(_answers, settings.port, "/health/ready")),
        _app("bot", BOT, env, partial(_is_alive, hot_store, "bot")),
        _app("worker", WORKER, env, partial(_is_alive, hot_store, "worker")),
    ]


def _app(name: str, arguments: tuple[str, ...], env: dict[str, str], answers: Callable[[], bool]) -> Program:
    return Program(name=name, argv=(sys.executable, *arguments), env=env, answers=answers)


def _wait(supervisor: Supervisor, programs: list[Program], limit_s: float) -> None:
    silent = list(programs)

    def all_answered() -> bool:
        silent[:] = [program for program in silent if not program.answers()]
        return not silent

    if not supervisor.until(all_answered, limit_s):
        names = ", ".join(program.name for program in silent)
        raise click.ClickException(f"No answer within {limit_s:g} s from: {names}.")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ASK_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_alive(hot_store: redis.Redis, process: str) -> bool:
    try:
        return bool(hot_store.exists(Keys.alive(process)))
    except redis.RedisError:
        return False


def _greet(settings: Settings, took_s: float) -> None:
    click.echo(f"\nReady in {took_s:.1f} s.")
    click.echo(f"  Mini App  http://127.0.0.1:{settings.port}/")
    if settings.sandboxed:
        click.echo(f"  sandbox   {settings.sandbox_url}/")
    click.echo("  Ctrl-C stops everything.\n")
