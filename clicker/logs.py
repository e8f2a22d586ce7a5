"""Logging: structured, one line an event, JSON for machines or text for people. Secrets never get here."""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

from clicker.settings import Settings

_QUIET = ("aiogram.event", "rq.worker", "rq.cron", "rq.registry", "urllib3")
"""Loggers that say something every second, heard from WARNING on."""

_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the present request, update or job, added to every record; empty outside of one."""

_SHARED: list[Any] = [
    lambda logger, method, event: event if not (found := request_id.get()) else event | {"request_id": found},
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _on_one_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What others wrote can't begin a line of its own, move the cursor, or turn the line around. (JSON escapes it.)"""
    return {
        name: _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def setup(settings: Settings) -> None:
    """Sends every log record of this process to standard output, in the form that the settings ask for."""
    renderer: Any
    steps: list[Any] = []
    if settings.log_format == "json":
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
        steps = [_on_one_line]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *steps,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
