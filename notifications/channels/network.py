"""Where a participant's webhook leads: which addresses of the network it may reach, and a connection to just those.

The name is resolved once; every address behind it is looked at, and the connection goes to one that was looked at. So a name
that answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IPv6 addresses that carry an IPv4 address in their last bytes, and are translated to it on the way.
_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
_MOST_ADDRESSES = 4


class Forbidden(Exception):
    """The address is not public, and private ones are not allowed here."""


def addresses(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    """The addresses behind a host, in the order to try them; ``Forbidden`` when one is not public, ``OSError`` when there is none.

    The wait for the name server is bounded by the system's own settings only.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not allow_private and not all(is_public(address) for address in found):
        raise Forbidden
    return found[:_MOST_ADDRESSES]


def is_public(address: str) -> bool:
    """Whether an address, with all that is hidden in it, belongs to the public network."""
    if "%" in address:
        return False
    return all(
        found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified
        for found in _faces(ipaddress.ip_address(address))
    )


def _faces(address: IPAddress) -> list[IPAddress]:
    """The address, or the IPv4 addresses that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    hidden: list[IPAddress] = []
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if any(address in network for network in _TRANSLATED):
        return [ipaddress.IPv4Address(address.packed[-4:])]
    if address.sixtofour:
        hidden.append(address.sixtofour)
    if address.teredo:
        hidden.extend(address.teredo)
    return [address, *hidden]


def connect(found: Sequence[str], port: int, timeout: float) -> socket.socket:
    """A connection to the first address that answers; the last ``OSError`` when none does."""
    for number, address in enumerate(found, start=1):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError:
            if number == len(found):
                raise
    raise OSError("no address")
