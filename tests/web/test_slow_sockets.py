"""A page that reads slowly gets whole frames; one that reads nothing is dropped, and holds up nobody."""

import socket
import threading

import pytest

from clicker.web import live
from clicker.web.live import Steady

BIG = bytes(range(256)) * 4096


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with ours, theirs:
        yield ours, theirs


def read(theirs: socket.socket, size: int) -> bytes:
    whole = b""
    while len(whole) < size:
        piece = theirs.recv(777)
        assert piece, "closed in the middle of a frame"
        whole += piece
    return whole


def test_a_slow_reader_gets_whole_frames_though_two_send_at_once(ends):
    ours, theirs = ends
    steady = Steady(ours)
    senders = [threading.Thread(target=steady.send, args=(frame * len(BIG),)) for frame in (b"a", b"b")]
    for sender in senders:
        sender.start()
    frames = read(theirs, 2 * len(BIG))
    for sender in senders:
        sender.join(10)
    assert frames in (b"a" * len(BIG) + b"b" * len(BIG), b"b" * len(BIG) + b"a" * len(BIG))


def test_who_reads_nothing_is_dropped(ends, monkeypatch):
    monkeypatch.setattr(live, "SLOW_S", 0.1)
    ours, theirs = ends
    with pytest.raises(OSError, match="timed out"):
        Steady(ours).send(BIG)
    while piece := theirs.recv(65536):
        assert piece in BIG, "what was sent before it was dropped"
    with pytest.raises(OSError):
        Steady(ours).send(b"more")
