"""What the portal is told when it is made; it reads no environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalConfig:
    """``portal_url`` is the address that people use; ``mailbox`` the folder of the local mailbox, ``None`` when mail really leaves the house.

    Requests under other host names than that of ``portal_url``, this machine's own and ``allowed_hosts`` are refused.
    ``prefect_api_url`` is asked for its health alone. ``secure_cookies`` belongs to an address with https.
    ``allow_private_webhooks``: other systems may be told at addresses that are not public. ``metrics_token`` opens ``/metrics`` to other machines.
    ``log_requests``: a line for each request. ``strict_passphrases``: of several kinds of characters.
    """

    portal_url: str
    prefect_api_url: str
    allowed_hosts: tuple[str, ...] = ()
    mailbox: Path | None = None
    secure_cookies: bool = False
    allow_private_webhooks: bool = False
    metrics_token: str | None = None
    log_requests: bool = False
    strict_passphrases: bool = False
