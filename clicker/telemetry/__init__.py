"""Telemetry: following one request through the processes, by logs, traces and reports of errors.

Traces and reports are off unless OTEL_EXPORTER_OTLP_ENDPOINT or SENTRY_DSN is set, and then nothing of them is even
imported. Figures are another room's (`clicker/metrics`).
"""
