"""How gunicorn runs the web process: `gunicorn -c clicker/web/gunicorn.py wsgi:app`."""

import gc
from typing import Any

from clicker import logs, settings

_settings = settings.load()

bind = f"{'0.0.0.0' if _settings.production else '127.0.0.1'}:{_settings.port}"  # noqa: S104 - a container's inside
workers = _settings.web_workers
worker_class = "clicker.web.leaving.Worker"
worker_connections = 10_000
backlog = 4096
timeout = 30
graceful_timeout = 4
keepalive = 75
POSTGRES_SILENCE_S = 5
"""How long a frozen Postgres may say nothing, in seconds; web asks it nothing that takes longer."""
forwarded_allow_ips = ",".join(_settings.trusted_proxies)
"""Whose X-Forwarded-Proto decides the scheme."""
accesslog = None
control_socket_disable = True
COLLECTED_AFTER = (10_000, 20, 10)
"""Python's thresholds of garbage collection. With its own (700, 10, 10) a process that holds 5,000 live sockets looks
through all its objects every few seconds, and stands still for up to a second each time."""


def on_starting(server: Any) -> None:
    """gunicorn's own messages go where ours go. Single requests are not logged: metrics count them."""
    logs.setup(_settings)
    for handler in list(server.log.error_log.handlers):
        server.log.error_log.removeHandler(handler)
    server.log.error_log.propagate = True


def post_fork(server: Any, worker: Any) -> None:
    """psycopg2 is C and would block the hub; this teaches it to wait with gevent, and not for ever."""
    from functools import partial

    from psycogreen.gevent import gevent_wait_callback
    from psycopg2.extensions import set_wait_callback

    set_wait_callback(partial(gevent_wait_callback, timeout=POSTGRES_SILENCE_S))


def post_worker_init(worker: Any) -> None:
    from clicker.telemetry.start import begin

    game = worker.wsgi
    begin(game.extensions["clicker"], "web", game)
    game.extensions["pulse"].start(lambda: worker.alive)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
