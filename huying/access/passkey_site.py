"""Where passkeys are good: browsers bind a key to the name of a site, and offer none where the name could be anybody's."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class PasskeySite:
    """``origin``: the portal's address as a browser names it; ``rp_id``: the host name to which keys are bound (the relying party)."""

    origin: str
    rp_id: str


def passkey_site(portal_url: str) -> PasskeySite | None:
    """The site of a portal's address; ``None`` where browsers offer no passkeys: without https elsewhere than on ``localhost``, and by number."""
    parts = urlsplit(portal_url)
    host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    if not host or _is_number(host):
        return None
    if parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost"):
        return None
    port = f":{parts.port}" if parts.port and parts.port != _PORTS.get(parts.scheme) else ""
    return PasskeySite(f"{parts.scheme}://{host}{port}", host)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
