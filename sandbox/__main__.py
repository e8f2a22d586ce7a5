"""`python -m sandbox`: serves until SIGTERM or Ctrl-C.

Besides the game's settings it reads SANDBOX_LIMITS (strict | off) and SANDBOX_STATE (disk | memory).
"""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress

from aiohttp import web

from clicker.settings import Settings, SettingsError
from sandbox.archive import Archive
from sandbox.parts import Parts
from sandbox.server import build_app
from sandbox.users.view import introduce_cast

HOST = "127.0.0.1"
STOP_WITHIN_S = 1.0
log = logging.getLogger("sandbox")


class StartError(Exception):
    """The sandbox can't start; the text says why in one line."""


def main() -> int:
    """Exit status 0 after a stop by signal, 1 with one line on stderr if it can't start."""
    try:
        settings = Settings.from_env()
        if settings.production:
            raise StartError("the sandbox is for development: it does not start with ENV=production")
        logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
        strict = _choice("SANDBOX_LIMITS", "strict", "off")
        asyncio.run(_serve(settings, strict, _choice("SANDBOX_STATE", "disk", "memory")))
    except (StartError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _choice(variable: str, default: str, other: str) -> bool:
    """True for the default."""
    value = os.environ.get(variable) or default
    if value not in (default, other):
        raise StartError(f"{variable} must be {default} or {other}")
    return value == default


async def _serve(settings: Settings, strict: bool, on_disk: bool) -> None:
    parts = Parts(token=settings.bot_token, play_url=settings.play_url, strict=strict)
    archive = Archive(parts, settings.data_dir / "sandbox.json") if on_disk else None
    if archive:
        archive.restore()
    introduce_cast(parts)
    runner = web.AppRunner(build_app(parts), access_log=None, shutdown_timeout=STOP_WITHIN_S)
    await runner.setup()
    try:
        await _listen(runner, settings.sandbox_port)
        log.info("the sandbox answers at %s/", settings.sandbox_url)
        await _until_stopped(parts, archive)
        if archive:  # not in `finally`: a second sandbox on a taken port must not touch the first one's file
            archive.save()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise StartError(f"port {port} (SANDBOX_PORT) can't be used: {reason}") from None


async def _until_stopped(parts: Parts, archive: Archive | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(parts.webhook.deliver(parts.updates))]
    if archive:
        tasks.append(asyncio.create_task(archive.keep_saving()))
    await stop.wait()
    parts.updates.close()
    parts.live.close()
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


if __name__ == "__main__":
    sys.exit(main())
