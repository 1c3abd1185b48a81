"""From which network a request comes: what bounds by address are kept for. What a proxy says is believed of trusted proxies alone."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from portal.frame.here import portal

Network = IPv4Network | IPv6Network
#: Headers with which a proxy says that somebody else asks; some set but one of them.
_FORWARDED = ("forwarded", "via", "x-real-ip", "x-client-ip")
#: So many proxies in a row are followed.
_MOST_HOPS = 8


def network_of(request: HTTPConnection) -> str | None:
    """The caller's network as the key of a bound, an address of IPv6 by the network of its household; ``None`` for the office's own."""
    config, address = portal(request).config, _address(request)
    if isinstance(address, str):
        return address
    if _within(address, config.office_networks):
        return None
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def address_of(request: HTTPConnection) -> str:
    """The caller's own address, in full; what a proxy says is believed of trusted proxies alone."""
    return str(_address(request))


def _address(request: HTTPConnection) -> IPv4Address | IPv6Address | str:
    host = request.client.host if request.client else ""
    address = _parsed(host)
    if address is None:
        # a local socket, or a test's client
        return host or "local"
    proxies = portal(request).config.trusted_proxies
    return _behind(address, request.headers.getlist("x-forwarded-for"), proxies)


def on_this_machine(request: HTTPConnection) -> bool:
    """Whether a program or browser on this very machine asks, not through a proxy."""
    address = _parsed(request.client.host if request.client else "")
    return address is not None and address.is_loopback and not _forwarded(request)


def _forwarded(request: HTTPConnection) -> bool:
    """Whether there are signs of a proxy. One that nobody has set up well says nothing of whom it asks for: nginx then speaks HTTP/1.0, as no
    browser does.
    """
    told = any(name in _FORWARDED or name.startswith("x-forwarded-") for name in request.headers)
    return told or request.scope.get("http_version") == "1.0"


def _behind(
    address: IPv4Address | IPv6Address, said: Sequence[str], trusted: Sequence[Network]
) -> IPv4Address | IPv6Address:
    """The nearest address that is no trusted proxy: what lies further away, anybody may have written."""
    hops = [hop.strip() for line in said for hop in line.split(",")]
    for hop in hops[: -_MOST_HOPS - 1 : -1]:
        before = _parsed(hop)
        if before is None or not _within(address, trusted):
            break
        address = before
    return address


def _within(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # an address of IPv4 as a socket for both shows it
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
