"""Headers that every answer bears: who may frame the page, what it may load, and the request's id."""

from flask import Flask, Response, g

from clicker.settings import Settings

_TELEGRAM = "https://web.telegram.org https://*.telegram.org"


def policy(settings: Settings) -> str:
    """The content security policy: own files and Telegram's script, nothing inline, framed by Telegram only."""
    ancestors = _TELEGRAM if settings.production else f"{_TELEGRAM} {settings.sandbox_url}"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' https://telegram.org",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


def register(app: Flask, settings: Settings) -> None:
    fixed = {
        "Content-Security-Policy": policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
    if settings.production:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(fixed)
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
