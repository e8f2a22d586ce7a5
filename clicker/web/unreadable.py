"""Requests that gunicorn can't read are refused before the app sees them: in the shape of all our errors."""

import json
import secrets
from typing import Any

_WORDS = {414: "This address is too long.", 431: "These headers are too long."}


class Refused:
    """The socket of such a request. What gunicorn sends is its own page; the status is kept."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def sendall(self, page: bytes) -> None:
        self._socket.sendall(answer(page.split(b"\r\n", 1)[0].decode("latin-1")))


def answer(status_line: str) -> bytes:
    """The whole answer under a status line such as `HTTP/1.1 414 URI Too Long`."""
    status, request_id = int(status_line.split()[1]), secrets.token_hex(8)
    code = "bad_request" if status < 500 else "error"
    message = _WORDS.get(status, "This request can't be read.")
    body = json.dumps({"error": {"code": code, "message": message, "requestId": request_id}}).encode()
    headers = [
        status_line,
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {request_id}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    ]
    return "\r\n".join([*headers, "", ""]).encode("latin-1") + body
