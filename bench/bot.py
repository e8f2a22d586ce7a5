"""5,000 live chats in the strict sandbox, newcomers, refreshes: does the bot meet a 429, and how long do people wait?

`make bench-bot` (ARGS="--seconds 60 --chats 1000"); the figures go to bench/results/bot.json as well.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.bot_load import NEWCOMERS_PER_S, REFRESHES_PER_S, Load, alone
from bench.bot_town import FIRST_PLAYER, stores, town
from clicker.wiring import Services

RESULTS = Path(__file__).parent / "results" / "bot.json"
FRESH_ENOUGH = 1.2
LIVELY_S = 3.0


def main() -> int:
    """Exit status 1 if the bot drew a 429, left somebody waiting, or let a live message get too old."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--chats", type=int, default=5000)
    asked.add_argument("--changes", type=int, default=15, help="for one chat alone, before the load")
    asked.add_argument("--bots", type=int, default=1, help="processes; more than one share a webhook")
    asked.add_argument("--database-url", default="", help="a Postgres to use; else one is started")
    asked.add_argument("--without-outbox", action="store_true", help="show what it is for")
    asked.add_argument("--to", type=Path, default=RESULTS, help="where the figures go, as JSON")
    arguments = asked.parse_args()
    report = run(arguments)
    for name, value in report.items():
        print(f"{name:>44}  {value}")
    arguments.to.parent.mkdir(exist_ok=True)
    arguments.to.write_text(json.dumps(report, indent=2) + "\n")
    return 0 if good(report) else 1


def run(asked: argparse.Namespace) -> dict[str, Any]:
    """The figures of one run on a hot store of its own."""
    chats, seconds, outbox, bots = asked.chats, asked.seconds, not asked.without_outbox, asked.bots
    with (
        tempfile.TemporaryDirectory(prefix="clicker-") as folder,
        stores(Path(folder), asked.database_url) as services,
    ):

        async def live() -> dict[str, Any]:
            edits = await _one_chat(services, Path(folder), asked.changes)
            async with town(services, chats, Path(folder), outbox, bots) as built:
                load = Load(built)
                measured = await load.run(seconds, patience_s=60 if outbox else 0)
                replies = [s for kind in measured.replies.values() for s in kind]
                budget = statistics.fmean(measured.budgets)
                return {
                    "one chat alone, change to edit p50, s": quantile(edits, 0.5),
                    "one chat alone, change to edit, longest, s": quantile(edits, 1),
                    "seconds": seconds,
                    "bots": f"{bots}, by webhook" if bots > 1 else "1, polling",
                    "live chats, at first and at last": f"{chats}, {measured.chats}",
                    "newcomers and refreshes a second": f"{NEWCOMERS_PER_S:g}, {REFRESHES_PER_S:g}",
                    "429": built.parts.too_many_requests,
                    "replies": len(replies),
                    "unanswered": measured.unanswered,
                    "reply p50, s": quantile(replies, 0.5),
                    "reply p99, s": quantile(replies, 0.99),
                    "reply to a message p99, s": quantile(measured.replies["message"], 0.99),
                    "reply to a button p99, s": quantile(measured.replies["button"], 0.99),
                    "sends and edits a second": round(_written(built.parts.calls) / seconds, 1),
                    "edit budget a second, mean": round(budget, 2),
                    "chats / budget, s": round(measured.chats / budget),
                    "oldest live message, s": round(measured.oldest_s, 1),
                    "oldest / (chats / budget), worst": round(measured.worst, 2),
                    "outbox": services.outbox.counters(),
                }

        return asyncio.run(live())


async def _one_chat(services: Services, folder: Path, changes: int) -> list[float]:
    """Seconds from each change to its edit, with the limits and nobody else there."""
    if not changes:
        return []
    async with town(services, 1, folder) as built:
        edits = await alone(built, changes)
        assert built.parts.too_many_requests == 0
    services.live.stop(FIRST_PLAYER)
    return edits


def good(report: dict[str, Any]) -> bool:
    return bool(
        report["429"] == 0
        and report["one chat alone, change to edit, longest, s"] <= LIVELY_S
        and report["unanswered"] == 0
        and report["reply p99, s"] < 2
        and report["oldest / (chats / budget), worst"] <= FRESH_ENOUGH
    )


def quantile(values: list[float], part: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * part))], 3) if values else 0.0


def _written(calls: dict[str, int]) -> int:
    return sum(number for name, number in calls.items() if name.startswith(("send", "edit")))


if __name__ == "__main__":
    sys.exit(main())
