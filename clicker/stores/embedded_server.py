"""One embedded store as a process: how it is run, asked, killed and stopped.

Only Linux can tie a child to its parent's life; elsewhere `end_leftover` cleans up at the next start.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

START_LIMIT_S = 20.0
STOP_LIMIT_S = 5.0

# Runs in the child before the program, which then takes its place under the same pid. PR_SET_PDEATHSIG
# (prctl 1) asks the kernel for a signal when the parent dies: after `kill -9` of `make run` nothing would
# otherwise stop a store, and the next start would meet it on the same files. It comes after setuid, which
# clears it. A program of its own, because subprocess's preexec_fn may deadlock in a process with threads. The
# kernel watches the *thread* that started the child: start children from the main thread.
_TETHER = """
import ctypes, os, signal, sys
parent, death, uid, gid, *argv = sys.argv[1:]
for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(ignored, signal.SIG_DFL)
if uid:
    os.setgroups([]); os.setgid(int(gid)); os.setuid(int(uid))
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, int(death), 0, 0, 0)
if os.getppid() == int(parent):
    os.execvp(argv[0], argv)
"""


class StoreError(Exception):
    """An embedded store can't be prepared or started; the text is one line for the developer."""


def tethered(argv: Sequence[str], death: signal.Signals, user: tuple[int, int] | None = None) -> list[str]:
    """The argument list that runs `argv` as a child of this process, which gets signal `death` when we die.

    `user` is (uid, gid) to run as, for root only.
    """
    uid, gid = user or ("", "")
    return [sys.executable, "-ISc", _TETHER, str(os.getpid()), str(int(death)), str(uid), str(gid), *argv]


@dataclass(frozen=True, kw_only=True)
class Server:
    """A prepared store, not yet running. `answers` tells whether it serves; it never raises."""

    name: str
    url: str
    folder: Path
    argv: tuple[str, ...]
    answers: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    user: tuple[int, int] | None = None


class Running:
    """A server process owned by this one, for tests: kill it like a power cut, start it again, stop it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.url = server.url
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"  # noqa: S101
        return self._process.pid

    def start(self) -> None:
        """Starts it on its port and returns when it answers. Raises StoreError after START_LIMIT_S."""
        server = self.server
        log = server.folder.with_name(server.folder.name + ".log")
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                tethered(server.argv, server.stop_signal, server.user),
                cwd=server.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if not self._wait_until_it_answers():
            self.kill()
            raise StoreError(f"{server.name} did not start, see {log}")

    def kill(self) -> None:
        """SIGKILL: nothing is written that was not on disk already."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Asks the server to end, and kills it after STOP_LIMIT_S."""
        self._end(self.server.stop_signal)

    def _wait_until_it_answers(self) -> bool:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            if self.server.answers():
                return True
            time.sleep(0.01)
        return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_LIMIT_S)
        self._process = None


def environment() -> dict[str, str]:
    """What a store is given of the environment: PGDATA, PGPORT, LD_* and the like must not lead it astray."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def end_leftover(folder: Path, pid_file: Path, how: signal.Signals) -> None:
    """Ends the server that still works in `folder`, and removes a pid file that would keep out a new one.

    After a machine restart the pid may be anyone's: only a process that works in `folder` is touched.
    """
    import psutil  # a development package: absent in production, where no store is embedded

    with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if Path(process.cwd()) == folder:
            process.send_signal(how)
            if psutil.wait_procs([process], timeout=STOP_LIMIT_S)[1]:
                process.kill()
                process.wait(STOP_LIMIT_S)
    pid_file.unlink(missing_ok=True)
