"""Where a request came from, when proxies stand in front: their word counts only if they are known."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

_SUBSCRIBER_BITS = 64
"""Whoever has an IPv6 address has at least 2^64 of them: such a block counts as one caller."""


@lru_cache
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy) for proxy in proxies)


def trusted(address: str, proxies: tuple[str, ...]) -> bool:
    """True if the address is one of our proxies'."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _networks(proxies))


def client(environ: dict[str, Any], proxies: tuple[str, ...]) -> str:
    """The address of whoever called the outermost of our proxies; that of the connection if it is none of them.

    X-Forwarded-For is read from its end: what stands left of the first stranger may be made up.
    """
    nearest = str(environ.get("REMOTE_ADDR") or "")
    if not proxies:
        return nearest
    for hop in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not trusted(nearest, proxies) or not hop.strip():
            break
        nearest = hop.strip()[:64]
    return nearest


def caller(address: str) -> str:
    """An address as limits count it: an IPv6 subscriber's whole block is one caller."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, _SUBSCRIBER_BITS), strict=False).network_address)
    return str(found)
