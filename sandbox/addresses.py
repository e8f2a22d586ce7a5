"""Addresses that a button may open."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from sandbox.errors import ApiError, bad_request


def check_url(url: str, where: str) -> None:
    """http, https or tg. Raises ApiError 400."""
    parts = _split(url if "://" in url or url.startswith("tg:") else f"http://{url}", where)
    host = parts.hostname or ""
    if parts.scheme == "tg":
        return
    if parts.scheme not in ("http", "https") or not ("." in host or loopback(host)):
        raise _invalid(where, url, "Wrong HTTP URL")


def check_web_app_url(url: str, where: str) -> None:
    """https, or, as only this sandbox allows, http on the loopback. Raises ApiError 400."""
    parts = _split(url, where)
    host = parts.hostname or ""
    if not host:
        raise _invalid(where, url, "Wrong HTTP URL")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback(host)):
        raise _invalid(where, url, "Only HTTPS links are allowed")


def loopback(host: str) -> bool:
    """True for localhost and loopback addresses."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str, where: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise _invalid(where, url, "Wrong HTTP URL") from None


def _invalid(where: str, url: str, why: str) -> ApiError:
    return bad_request(f"{where} URL '{url}' is invalid: {why}")
