"""What the portal is told when it is made; it reads no environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from limits import RateLimitItem

from huying.access.identity import Provider
from huying.access.rules import AccountRules
from huying.house.house import House
from huying.limits import limits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCity:
    """How the sample city is filled into an empty register and cleared away again (by whom, when), and the words on who one can be there."""

    fill: Callable[[House, datetime], None]
    clear: Callable[[House, int, datetime], None]
    logins: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalConfig:
    """``portal_url`` is the address that people use; ``mailbox`` the folder of the local mailbox, ``None`` when mail really leaves the house.

    Requests under other host names than that of ``portal_url``, this machine's own and ``allowed_hosts`` are refused.
    ``prefect_api_url`` is where Prefect answers, ``prefect_auth`` the ``USER:PASSWORD`` that it asks for. ``secure_cookies`` belongs to an address
    with https.
    ``allow_private_webhooks``: other systems may be told at addresses that are not public. ``metrics_token`` opens ``/metrics`` to other machines.
    ``log_requests``: a line for each request. ``accounts``: what is asked of those who sign in; ``provider``: where else they may.
    ``limits``: how often something may be tried, by name; counted in memory where there is but one process (``counts_in_memory``), else in the
    database. What ``trusted_proxies`` say of the caller's address is believed; what comes from the ``office_networks`` is not bounded by its
    address, since many share it.
    ``sample``: how the sample city comes and goes; ``None`` where others can reach the portal. ``backups``: where they lie.
    """

    portal_url: str
    prefect_api_url: str
    prefect_auth: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    mailbox: Path | None = None
    secure_cookies: bool = False
    allow_private_webhooks: bool = False
    metrics_token: str | None = None
    log_requests: bool = False
    accounts: AccountRules = field(default_factory=AccountRules)
    provider: Provider | None = None
    limits: Mapping[str, RateLimitItem] = field(default_factory=limits_of)
    counts_in_memory: bool = False
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    office_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    sample: SampleCity | None = None
    backups: Path | None = None
