"""This build beside an older one, in one run: `python -m bench.against COMMIT`. What do all its new rooms cost a tap?

Each build is measured by its own benchmark, in a process of its own, one after the other, ROUNDS times.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.processes import ROOT

ROUNDS = 5
ONE = (
    "import json; from bench import raw; raw.ROUNDS = 1; raw.SECONDS = 5.0; found = raw.run();"
    "print(json.dumps({name: row['per_second'] for name, row in found.items()}))"
)


def measure(tree: Path) -> dict[str, float]:
    """Requests per second of each form, as the build in this folder measures them."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    ran = subprocess.run(
        [sys.executable, "-c", ONE], cwd=tree, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def run(commit: str) -> dict[str, object]:
    """Medians of both builds, and the ratio of this one to the older."""
    with tempfile.TemporaryDirectory(prefix="clicker-") as made:
        older = Path(made) / "older"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(older), commit], check=True)
        try:
            rounds = [(measure(older), measure(ROOT)) for _ in range(ROUNDS)]
        finally:
            subprocess.run([*git, "remove", "--force", str(older)], check=True)
    medians = {
        name: [statistics.median(pair[which][name] for pair in rounds) for which in (0, 1)]
        for name in rounds[0][0]
    }
    return {
        "older": commit,
        **{
            name: {"older": old, "now": new, "ratio": round(new / old, 2)}
            for name, (old, new) in medians.items()
        },
    }


if __name__ == "__main__":
    found = run(sys.argv[1])
    (ROOT / "bench/results/against.json").write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
