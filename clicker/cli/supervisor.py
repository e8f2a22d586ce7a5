"""Runs several programs: forwards what they say, restarts the one that dies, stops them all in order.

Honcho prints, with a coloured name in front of each line. Its Manager does not fit: it stops everything when
one child dies, and here a child that dies comes back. One loop in the main thread tends the children, and a
thread per child reads its output.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from clicker.stores.embedded import tethered

TICK_S = 0.05
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
HEALTHY_AFTER_S = 30.0
KILL_LIMIT_S = 1.0
STOP_LIMIT_S = {"app": 6.0, "store": 3.0}
"""How long each kind is given to end by itself; together under the 10 s that the contract allows."""


class StopAsked(Exception):
    """SIGINT or SIGTERM came."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run. `kind` is `app` or `store`: stores are stopped last. `answers` never raises."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    answers: Callable[[], bool] = lambda: True
    kind: str = "app"
    stop_signal: signal.Signals = signal.SIGTERM
    user: tuple[int, int] | None = None
    folder: Path | None = None


class Child:
    """One program and its present process. Its own session, so that Ctrl-C reaches only the supervisor."""

    def __init__(self, program: Program, say: Callable[[str], None]) -> None:
        self.program = program
        self.say = say
        self.pause_s = FIRST_PAUSE_S
        self.start_at = 0.0
        self.start()

    def start(self) -> None:
        program = self.program
        self.started_at = time.monotonic()
        self.down = False
        self.process = subprocess.Popen(
            tethered(program.argv, program.stop_signal, program.user),
            env=program.env,
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._forward, args=(self.process,), daemon=True)
        self.reader.start()

    def tend(self) -> None:
        """Notices a death, and starts the program again when its pause is over."""
        if not self.down and self.process.poll() is not None:
            self._died()
        if self.down and time.monotonic() >= self.start_at:
            self.start()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def signal(self, how: signal.Signals) -> None:
        if not self.ended():
            self.process.send_signal(how)

    def kill_group(self) -> None:
        """Ends whatever is left of it: a dead server's workers would keep its port."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(KILL_LIMIT_S)
        self.reader.join(KILL_LIMIT_S)  # so that its last words are printed before ours

    def _died(self) -> None:
        self.kill_group()
        now = time.monotonic()
        if now - self.started_at >= HEALTHY_AFTER_S:
            self.pause_s = FIRST_PAUSE_S
        self.say(f"ended with {self.process.returncode}, starts again in {self.pause_s:g} s")
        self.down = True
        self.start_at = now + self.pause_s
        self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)

    def _forward(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        with process.stdout:
            for line in process.stdout:
                self.say(line.decode("utf-8", "replace"))


class Supervisor:
    """The children, and the one loop that tends them. Use as a context: leaving it stops everything."""

    def __init__(self, width: int = 8) -> None:
        self.children: dict[str, Child] = {}
        self._stop_asked = False
        self._colours = get_colours()
        self._printer = Printer(output=sys.stdout, width=width)
        self._lock = threading.Lock()

    def __enter__(self) -> "Supervisor":
        self._handlers = {n: signal.signal(n, self._ask_to_stop) for n in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, *programs: Program) -> None:
        for program in programs:
            self.children[program.name] = Child(program, self._voice(program.name))

    def run_once(self, program: Program, limit_s: float) -> int | None:
        """Runs a program to its end and returns its exit code, or None if it took longer than `limit_s`."""
        child = Child(program, self._voice(program.name))
        try:
            done = self.until(child.ended, limit_s)
            return child.process.returncode if done else None
        finally:
            child.kill_group()

    def until(self, condition: Callable[[], bool], limit_s: float = float("inf")) -> bool:
        """Tends the children until `condition` is true; False if it took longer than `limit_s` seconds.

        Raises StopAsked on SIGINT or SIGTERM.
        """
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            if self._stop_asked:
                raise StopAsked
            for child in self.children.values():
                child.tend()
            if condition():
                return True
            time.sleep(TICK_S)
        return False

    def stop(self) -> None:
        """Stops all: the apps first, then the stores that they need until their end."""
        for kind, limit_s in STOP_LIMIT_S.items():
            self._stop_kind(kind, limit_s)

    def _stop_kind(self, kind: str, limit_s: float) -> None:
        children = [child for child in self.children.values() if child.program.kind == kind]
        for child in children:
            child.signal(child.program.stop_signal)
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline and not all(child.ended() for child in children):
            time.sleep(TICK_S)
        for child in children:
            child.kill_group()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True

    def _voice(self, name: str) -> Callable[[str], None]:
        colour = next(self._colours)

        def say(text: str) -> None:
            message = Message("line", text, datetime.now(), name, colour)
            # A closed terminal must not stop the reading: a child whose pipe is full stands still.
            with self._lock, contextlib.suppress(OSError):
                self._printer.write(message)

        return say
