"""`python -m clicker.bot set-webhook|delete-webhook|commands`: one thing, once, and out. See `flask bot`.

A process of its own, because the `flask` commands live in the web's app, which does without aiogram.
"""

import asyncio
import sys

from aiogram.exceptions import AiogramError
from aiogram.utils.token import TokenValidationError

from clicker import settings, wiring
from clicker.bot import life, profile, telegram
from clicker.bot.app import Parts, build


async def _set_webhook(parts: Parts) -> str:
    chosen = parts.services.settings
    if not life.by_webhook(chosen):
        raise SystemExit("Set PUBLIC_URL and WEBHOOK_SECRET first.")
    await life.begin_webhook(parts)
    return f"Updates go to {life.webhook_url(chosen)}"


async def _delete_webhook(parts: Parts) -> str:
    await parts.bot.delete_webhook()
    return "Updates wait until the bot asks for them."


async def _commands(parts: Parts) -> str:
    calls = profile.calls(parts.game.links.play)
    for call in calls:
        await parts.bot(call)
    return f"Commands, descriptions and menu button are set: {len(calls)} calls."


ACTS = {"set-webhook": _set_webhook, "delete-webhook": _delete_webhook, "commands": _commands}


async def main(name: str) -> str:
    """What was done, in one line. Raises SystemExit with what is wrong."""
    parts = build(wiring.build(settings.load()))
    try:
        return await ACTS[name](parts)
    except AiogramError as error:
        raise SystemExit(telegram.described(error, parts.bot.token)) from None
    finally:
        await parts.close()


if __name__ == "__main__":
    try:
        sys.stdout.write(asyncio.run(main(sys.argv[1])) + "\n")
    except TokenValidationError:
        raise SystemExit("BOT_TOKEN does not look like a bot's token (123456:ABC…)") from None
