"""Settings: read once from the environment, frozen, and strict about mistakes.

`Settings.from_env()` names everything that is wrong in one message, so that an operator mends it in one go.
Any variable `X` may be given as `X_FILE`, a path whose content is the value (for secrets).
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SANDBOX_TOKEN = "4242424242:sandbox-token-for-development-only"  # noqa: S105 - public on purpose, development only
_DEV_SECRET = "development-only-secret-key"  # noqa: S105 - public on purpose, development only
_NEEDED_IN_PRODUCTION = ("BOT_TOKEN", "SECRET_KEY", "DATABASE_URL", "REDIS_URL")


class SettingsError(Exception):
    """One or more settings are wrong; the text lists them all, one a line."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set from outside. Times are in seconds, rates per second."""

    env: str = "development"
    port: int = 8000
    sandbox_port: int = 8081
    data_dir: Path = Path("var")
    bot_token: str = SANDBOX_TOKEN
    secret_key: str = _DEV_SECRET
    database_url: str = ""
    redis_url: str = ""
    rq_redis_url: str = ""
    shards: int = 4
    public_url: str = ""
    telegram_api_base: str = ""
    webhook_secret: str = ""
    admin_password: str = ""
    session_idle_s: int = 60
    tap_rate: int = 25
    tap_burst: int = 750
    limit_standard: str = "100/minute"
    limit_sensitive: str = "10/minute"
    limit_analytics: str = "30/minute"
    limit_burst: str = "10/second"
    """Limits of calls, as `<count>/<second|minute|hour|day>`; empty (from outside: `off`): no limit."""
    allowed_hosts: tuple[str, ...] = ()
    """Names by which players reach us; without any in production: PUBLIC_URL's, in development: every name."""
    cors_origins: tuple[str, ...] = ()
    """Origins of other sites whose scripts may call us."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks whose X-Forwarded-For, -Proto and -Host are believed."""
    web_workers: int = 1
    audit_days: int = 365
    flagged_tap_rate: int = 5
    """Taps per second that are counted of a player who was flagged as a robot."""
    anomaly_windows: int = 3
    """How many more suspicious than other windows of play (five minutes each) flag a player."""
    anomaly_rapid: float = 0.5
    """Share of batches within 100 ms of the one before, from which a window is suspicious."""
    anomaly_even: float = 0.09
    """Variation of the speed (standard deviation by mean) below which it is."""
    anomaly_cap: float = 0.8
    """Share of TAP_RATE, or of batches that did not fit, from which it is."""
    anomaly_tireless_s: int = 4 * 3600
    """Seconds without a pause of a minute, from which it is."""
    log_level: str = "INFO"
    log_format: str = "json"
    otel_exporter_otlp_endpoint: str = ""
    sentry_dsn: str = ""

    def __repr__(self) -> str:
        """Names the environment only: settings hold secrets, and a repr ends up in logs."""
        return f"Settings(env={self.env!r}, port={self.port})"

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def sandboxed(self) -> bool:
        """True if the bot talks to our own local Telegram."""
        return not self.production and self.bot_token == SANDBOX_TOKEN

    @property
    def play_url(self) -> str:
        """Where the Mini App is reached, with a trailing slash."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/") + "/"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names that a request's Host may have; empty: any."""
        public = urlsplit(self.public_url).hostname
        given = self.allowed_hosts or ((public,) if self.production and public else ())
        return frozenset() if "*" in given else frozenset(name.lower() for name in given)

    @property
    def api_base(self) -> str:
        """Base URL of the Bot API server; empty for Telegram's own."""
        return self.telegram_api_base or (self.sandbox_url if self.sandboxed else "")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads, checks and freezes the settings.

        Raises SettingsError with every mistake at once.
        """
        return _Reader(os.environ if environ is None else environ).read()


def load() -> Settings:
    """The settings of this process; ends it with one message that names every mistake."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise SystemExit(str(error)) from None


def _port(raw: str) -> int:
    value = int(raw)
    if not 1 <= value <= 65535:
        raise ValueError("must be 1 to 65535")
    return value


def _at_least_one(raw: str) -> int:
    value = int(raw)
    if value < 1:
        raise ValueError("must be 1 or more")
    return value


def _share(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise ValueError("must be more than 0 and at most 1")
    return value


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return raw

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw.split("://")[0] not in schemes or "://" not in raw:
            raise ValueError("must begin with " + " or ".join(f"{s}://" for s in schemes))
        return raw

    return parse


def _words(raw: str) -> tuple[str, ...]:
    return tuple(raw.replace(",", " ").split())


def _origins(raw: str) -> tuple[str, ...]:
    for origin in _words(raw):
        parts = urlsplit(origin)
        if parts.scheme not in ("https", "http") or not parts.netloc or parts.path or parts.query:
            raise ValueError("must be origins such as https://example.com")
    return _words(raw)


def _networks(raw: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(word)) for word in _words(raw))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None


def _limit(raw: str) -> str:
    """`off`, or a limit such as `100/minute`."""
    if raw == "off":
        return ""
    if not re.fullmatch(r"[1-9]\d{0,8}/(second|minute|hour|day)", raw):
        raise ValueError("must be such as 100/minute, or off")
    return raw


_PARSERS: dict[str, Callable[[str], Any]] = {
    "env": _one_of("development", "production"),
    "port": _port,
    "sandbox_port": _port,
    "data_dir": Path,
    "database_url": _url("postgresql", "postgres"),
    "redis_url": _url("redis", "rediss", "redis+cluster", "rediss+cluster"),
    "rq_redis_url": _url("redis", "rediss"),
    "shards": _at_least_one,
    "public_url": _url("https", "http"),
    "telegram_api_base": _url("https", "http"),
    "session_idle_s": _at_least_one,
    "tap_rate": _at_least_one,
    "tap_burst": _at_least_one,
    "limit_standard": _limit,
    "limit_sensitive": _limit,
    "limit_analytics": _limit,
    "limit_burst": _limit,
    "allowed_hosts": _words,
    "cors_origins": _origins,
    "trusted_proxies": _networks,
    "web_workers": _at_least_one,
    "audit_days": _at_least_one,
    "flagged_tap_rate": _at_least_one,
    "anomaly_windows": _at_least_one,
    "anomaly_rapid": _share,
    "anomaly_even": _share,
    "anomaly_cap": _share,
    "anomaly_tireless_s": _at_least_one,
    "log_level": _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    "log_format": _one_of("json", "text"),
}


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []

    def read(self) -> Settings:
        values = {}
        for name in Settings.__dataclass_fields__:
            raw = self._raw(name.upper())
            if raw:
                values[name] = self._parsed(name, raw)
        if values.get("env") == "production":
            self._check_production()
        if "+cluster://" in (values.get("redis_url") or "") and not values.get("rq_redis_url"):
            self.mistakes.append(
                "RQ_REDIS_URL must be set when REDIS_URL is a cluster: RQ needs a server of its own"
            )
        if self.mistakes:
            raise SettingsError("The settings are not right:\n" + "\n".join(f"  {m}" for m in self.mistakes))
        values.setdefault("rq_redis_url", values.get("redis_url", ""))
        return Settings(**values)

    def _raw(self, variable: str) -> str:
        path = self.environ.get(variable + "_FILE")
        if not path:
            return self.environ.get(variable, "").strip()
        if self.environ.get(variable):
            self.mistakes.append(f"{variable} and {variable}_FILE are both set: set one")
            return ""
        try:
            return Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not text"
            self.mistakes.append(f"{variable}_FILE can't be read: {reason}")
            return ""

    def _parsed(self, name: str, raw: str) -> Any:
        try:
            return _PARSERS.get(name, str)(raw)
        except ValueError as error:
            reason = str(error) if str(error).startswith("must") else "must be a whole number"
            self.mistakes.append(f"{name.upper()} {reason}")
            return None

    def _check_production(self) -> None:
        for variable in _NEEDED_IN_PRODUCTION:
            if not self._raw(variable):
                self.mistakes.append(f"{variable} must be set in production")
        if self._raw("BOT_TOKEN") == SANDBOX_TOKEN:
            self.mistakes.append("BOT_TOKEN is the sandbox's: get your own from @BotFather")
        if self._raw("SECRET_KEY") and len(self._raw("SECRET_KEY")) < 16:
            self.mistakes.append("SECRET_KEY must be 16 characters or longer")
