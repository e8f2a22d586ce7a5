"""How a web process leaves, on SIGTERM or when a newer one takes its place: nobody's request is dropped.

At once: `/health/ready` says no, live sockets are closed with a hint when to come back, and every answer ends its
connection. DRAIN_S later, when whoever deals out requests has noticed and every busy client has come by: idle
connections are closed, nothing new is accepted, what is under way is finished, and the process ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

DRAIN_S = 0.5
"""How long a leaving process still accepts; gunicorn adds up to a second. All of it is within `graceful_timeout`."""


_LAST_S = 0.1
"""How long a connection may wait for another request when nothing new is accepted."""


class Worker(GeventWorker):
    """gunicorn's gevent worker, which says goodbye first."""

    leaving = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle: dict[Any, gevent.Timeout] = {}

    def handle_exit(self, sig: int, frame: Any) -> None:
        if not self.leaving:
            self.leaving = True
            gevent.spawn(self._leave, sig, frame)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        if self.leaving:
            req.force_close()
        super().handle_request(listener_name, req, sock, addr)

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Around the wait for a connection's next request."""
        me = gevent.getcurrent()
        with gevent.Timeout(self.cfg.keepalive if self.alive else _LAST_S, False) as limit:
            self._idle[me] = limit
            try:
                yield
            finally:
                del self._idle[me]

    def _leave(self, sig: int, frame: Any) -> None:
        self.wsgi.extensions["pulse"].leave()
        gevent.sleep(DRAIN_S)
        for waiting in list(self._idle):
            gevent.get_hub().loop.run_callback(self._close, waiting)
        super().handle_exit(sig, frame)

    def _close(self, waiting: Any) -> None:
        """As if its time were up. Runs in the hub, so that no request begins between the look and the throw."""
        if waiting in self._idle:
            waiting.throw(self._idle[waiting])
