"""The live socket: the board and the global number, rendered once per change and language for all sockets."""

import random
import threading
from collections import deque
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

from flask import Blueprint, Flask, render_template, request
from flask_sock import Sock

from clicker.errors import NoSession
from clicker.i18n import language
from clicker.leaderboard.rules import Board
from clicker.web.asking import services
from clicker.web.calls import call

PING_S = 25
"""A socket whose peer does not answer a ping for this long is closed, in seconds."""
SLOW_S = 5.0
"""A socket that takes nothing for this long is dropped, in seconds; its page comes back for the newest."""
_LOOK_UP_S = 30.0
RETRY_S = 3
"""Who is let go is asked to come back within so many seconds, each at another moment."""
_SERVICE_RESTART = 1012
"""The WebSocket close code that means: come back, to another process (IANA registry)."""


class Steady:
    """A socket whose `send` sends all of it, one caller at a time, or drops the peer.

    simple-websocket sends with a bare `send`, which may take half a frame when the peer is slow.
    """

    def __init__(self, sock: Any) -> None:
        self._sock, self._sending = sock, threading.Lock()
        sock.settimeout(SLOW_S)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def send(self, data: bytes) -> None:
        """Raises OSError if the peer is gone or too slow; nothing can be sent to it after that."""
        try:
            with self._sending:
                self._sock.sendall(data)
        except OSError:
            with suppress(OSError):
                self._sock.shutdown(SHUT_RDWR)
            raise


class Mailbox:
    """The newest fragment for one socket; an older one that was not sent yet is replaced."""

    def __init__(self, tongue: str) -> None:
        self.language = tongue
        self._news = threading.Event()
        self._html = ""

    def put(self, html: str) -> None:
        self._html = html
        self._news.set()

    def take(self) -> str | None:
        """Waits for news; None if there was none for a while."""
        if not self._news.wait(_LOOK_UP_S):
            return None
        self._news.clear()
        return self._html


class Hub:
    """All sockets of this process."""

    def __init__(self) -> None:
        self.mailboxes: set[Mailbox] = set()
        self.closing = False
        self._published = ""
        self._shown: dict[str, tuple[str, str]] = {}

    def join(self, tongue: str) -> Mailbox:
        mailbox = Mailbox(tongue)
        self.mailboxes.add(mailbox)
        return mailbox

    def leave(self, mailbox: Mailbox) -> None:
        self.mailboxes.discard(mailbox)

    def close(self) -> None:
        """Lets go of every socket, so that the process can end; their clients come back to another one."""
        self.closing = True
        for mailbox in list(self.mailboxes):
            mailbox.put("")

    def publish(self, board: Board) -> None:
        """Gives every socket the board if it differs from the last one; must run inside an app context."""
        if board.version == self._published:
            return
        self._published = board.version
        for mailbox in list(self.mailboxes):
            mailbox.put(self.render(board, mailbox.language))

    def render(self, board: Board, tongue: str) -> str:
        """The fragments of a board in a language, rendered once per version."""
        version, html = self._shown.get(tongue, ("", ""))
        if version != board.version:
            with language(tongue):
                html = render_template("leaderboard/_push.html", board=board)
            self._shown[tongue] = (board.version, html)
        return html


def register(app: Flask, hub: Hub) -> None:
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_S, "max_message_size": 4096}
    blueprint, sock = Blueprint("live", __name__), Sock()

    @blueprint.before_request
    def admit() -> None:
        """Checks the ticket before the upgrade, so that a refusal is an ordinary answer."""
        request.environ["clicker.language"] = services().sessions.use_ticket(request.args.get("ticket", ""))

    @sock.route("/live", bp=blueprint)
    @call(
        tier=None, public=True, query={"ticket": {"type": "string"}}, gives={101: None}, errors=(NoSession,)
    )
    def live(ws) -> None:
        """The live socket: fragments of the board and the global number."""
        tongue = request.environ["clicker.language"]
        ws.input_buffer = deque(maxlen=0)  # nobody reads what a page sends: it must not pile up
        ws.sock = Steady(ws.sock)
        mailbox = hub.join(tongue)
        try:
            ws.send(hub.render(services().leaderboard.top(), tongue))
            while ws.connected and not hub.closing:
                html = mailbox.take()
                if html:
                    ws.send(html)
            ws.close(_SERVICE_RESTART, f"retry-after={random.randint(1, RETRY_S)}")  # noqa: S311 - spreads them
        except OSError:
            pass  # gone, or too slow
        finally:
            hub.leave(mailbox)

    app.register_blueprint(blueprint)
