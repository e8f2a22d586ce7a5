"""How a web process leaves, on SIGTERM or when a newer one takes its place: nobody's request is dropped.

At once: `/health/ready` says no, live sockets are closed with a hint when to come back, and every answer ends its
connection. DRAIN_S later, when whoever deals out requests has noticed and every busy client has come by: connections
that were idle all the time are closed, nothing new is accepted but who has connected already, what is under way is
finished, and the process ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import gevent
from gevent.pool import Pool
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

from clicker.web.unreadable import Refused

DRAIN_S = 0.5
"""How long a leaving process still accepts; gunicorn adds up to a second. All of it is within `graceful_timeout`."""


_LAST_S = 1.0
"""How long somebody who connects to a leaving process may take to say what they want."""


class Server(StreamServer):
    def close(self) -> None:
        """Whoever has connected is let in first: the kernel would reset them."""
        while not self.closed and (came := self.do_read()):
            self.do_handle(*came)
        super().close()


class Worker(GeventWorker):
    """gunicorn's gevent worker, which says goodbye first."""

    leaving = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle: dict[Any, gevent.Timeout] = {}

    def server_class(self, listener: Any, spawn: Pool, **_others: Any) -> Server:
        """As gunicorn makes it itself, but ours; and who is let in last asks a closed listener for its name."""
        name = listener.getsockname()
        named = SimpleNamespace(getsockname=lambda: name)
        server = Server(listener, handle=partial(self.handle, named), spawn=spawn)
        if self.cfg.workers > 1:
            server.max_accept = 1
        return server

    def handle_exit(self, sig: int, frame: Any) -> None:
        if not self.leaving:
            self.leaving = True
            gevent.spawn(self._leave, sig, frame)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        if self.leaving:
            req.force_close()
        super().handle_request(listener_name, req, sock, addr)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        super().handle_error(req, Refused(client), addr, exc)

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Around the wait for a connection's next request."""
        me = gevent.getcurrent()
        with gevent.Timeout(_LAST_S if self.leaving else self.cfg.keepalive, False) as limit:
            self._idle[me] = limit
            try:
                yield
            finally:
                del self._idle[me]

    def _leave(self, sig: int, frame: Any) -> None:
        idle = list(self._idle.items())
        self.wsgi.extensions["pulse"].leave()
        gevent.sleep(DRAIN_S)
        for waiting, limit in idle:
            gevent.get_hub().loop.run_callback(self._close, waiting, limit)
        super().handle_exit(sig, frame)

    def _close(self, waiting: Any, limit: gevent.Timeout) -> None:
        """As if its time were up, if it is the same wait still. Runs in the hub, so that no request begins between
        the look and the throw."""
        if self._idle.get(waiting) is limit:
            waiting.throw(limit)
