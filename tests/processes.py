"""Real processes of ours, for tests that need a server, or need to kill one."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.waiting import eventually

ROOT = Path(__file__).parents[1]
START_LIMIT_S = 30
STOP_LIMIT_S = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child with its output in a file; may be killed and started again with the same environment."""

    def __init__(self, argv: list[str], environment: dict[str, str], log: Path) -> None:
        self.argv, self.environment, self.log = argv, environment, log
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> "Process":
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        assert self._child is not None, "not started"
        return self._child.pid

    def kill(self) -> None:
        """SIGKILL to the process and all its children, as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL after STOP_LIMIT_S."""
        if self.alive and self._child:
            self._child.terminate()
            try:
                self._child.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def _signal(self, how: signal.Signals) -> None:
        if self._child is not None:
            if self.alive:
                os.killpg(self._child.pid, how)
            self._child.wait(STOP_LIMIT_S)


class Web(Process):
    """The web process under gunicorn; `url` has no trailing slash."""

    def __init__(
        self,
        environment: dict[str, str],
        log: Path,
        app: str = "wsgi:app",
        config: str = "clicker/web/gunicorn.py",
    ) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        argv = [sys.executable, "-m", "gunicorn", "-c", config, app]
        super().__init__(argv, {**environment, "PORT": str(port)}, log)

    def start(self) -> "Web":
        super().start()
        return self

    def ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def started(self) -> "Web":
        """Starts and waits until it is ready."""
        self.start()
        eventually(self.ready, START_LIMIT_S, f"web is ready, see {self.log}")
        return self


def worker(environment: dict[str, str], log: Path) -> Process:
    return Process([sys.executable, "worker.py"], environment, log)


@contextmanager
def running(process: Process) -> Iterator[Process]:
    """Starts a process and stops it at the end."""
    process.start()
    try:
        yield process
    finally:
        process.stop()
