"""The whole house as `make run` starts it, on ports and data of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.processes import ROOT, Process, free_port
from tests.waiting import eventually

READY_LIMIT_S = 60


class House(Process):
    """`flask up`; `play` and `sandbox` are the two addresses."""

    def __init__(self, folder: Path, **environment: str) -> None:
        play, sandbox = free_port(), free_port()
        self.folder = folder
        self.play, self.sandbox = f"http://127.0.0.1:{play}", f"http://127.0.0.1:{sandbox}"
        fixed = {"DATA_DIR": str(folder / "data"), "PORT": str(play), "SANDBOX_PORT": str(sandbox)}
        super().__init__(
            [sys.executable, "-m", "flask", "up"],
            {**fixed, "FLASK_APP": "wsgi", **environment},
            folder / "up.log",
        )

    def started(self) -> "House":
        """Starts and waits until it says that it is ready."""
        seen = self.log.read_text().count("Ready in") if self.log.exists() else 0
        self.start()
        try:
            eventually(lambda: not self.alive or self.log.read_text().count("Ready in") > seen, READY_LIMIT_S)
            assert self.alive
        except AssertionError:
            self.stop()
            raise AssertionError(self.log.read_text()[-3000:]) from None
        return self

    def flask(self, *words: str) -> int:
        """Runs a `flask` command as in another terminal. Returns its exit code."""
        environment = {**self.environment, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        argv = [sys.executable, "-m", "flask", *words]
        return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, timeout=60).returncode

    def chat(self, user: int) -> dict:
        """The chat as the user sees it."""
        return dict(requests.get(f"{self.sandbox}/sandbox/users/{user}/chat", timeout=10).json())


@contextmanager
def house(folder: Path, **environment: str) -> Iterator[House]:
    """Starts a house and stops it at the end."""
    built = House(folder, **environment)
    try:
        yield built.started()
    finally:
        built.stop()
