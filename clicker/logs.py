"""Logging: structured, one line an event, JSON for machines or text for people. Secrets never get here."""

import logging
import sys
from contextvars import ContextVar
from typing import Any

import structlog

from clicker.settings import Settings

_QUIET = ("aiogram.event", "rq.worker", "rq.cron", "rq.registry", "urllib3")
"""Loggers that say something every second, heard from WARNING on."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the present request, update or job, added to every record; empty outside of one."""

_SHARED: list[Any] = [
    lambda logger, method, event: event if not (found := request_id.get()) else event | {"request_id": found},
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def setup(settings: Settings) -> None:
    """Sends every log record of this process to standard output, in the form that the settings ask for."""
    renderer: Any
    if settings.log_format == "json":
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
