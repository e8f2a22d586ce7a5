"""`make bench`: all benchmarks but the bot's, then one table. Under ten minutes; results go to bench/results/."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench import overload, players, raw, size

RESULTS = Path(__file__).parent / "results"
PARTS = {"raw": raw.run, "size": size.run, "players": players.run, "overload": overload.run}


def main(names: list[str]) -> None:
    RESULTS.mkdir(exist_ok=True)
    results: dict[str, Any] = {}
    for name in names or PARTS:
        begun = time.monotonic()
        results[name] = PARTS[name]()
        (RESULTS / f"{name}.json").write_text(json.dumps(results[name], indent=2) + "\n")
        sys.stdout.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
        sys.stdout.flush()
    for name, found in results.items():
        sys.stdout.write(f"\n{name}\n" + "".join(lines(found)))


def lines(found: dict[str, Any]) -> list[str]:
    """A figure a line; nested figures in one."""
    return [
        f"  {name:<24} " + (str(value) if not isinstance(value, dict) else flat(value)) + "\n"
        for name, value in found.items()
    ]


def flat(value: dict[str, Any]) -> str:
    return "  ".join(f"{name} {figure}" for name, figure in value.items())


if __name__ == "__main__":
    main(sys.argv[1:])
