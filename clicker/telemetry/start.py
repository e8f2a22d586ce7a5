"""Switches on what the settings ask for, once in each process, before it works."""

from typing import Any

from clicker.wiring import Services


def begin(services: Services, part: str, app: Any = None) -> None:
    """`part`: web, worker or bot. `app`: the Flask app, in web. After a fork, because threads don't survive it."""
    settings = services.settings
    if settings.sentry_dsn:
        from clicker.telemetry import sentry

        sentry.begin(settings, part)
    if settings.otel_exporter_otlp_endpoint:
        from clicker.telemetry import instruments

        instruments.begin(services, part, app)
