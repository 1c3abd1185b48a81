"""How often something may be tried, and the words of the setting that says otherwise: ``report=20/hour; log-in=10/day``.

What each bound counts is in ``docs/reference/settings.md``; who counts is ``access/throttle``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from limits import RateLimitItem, parse

#: The bounds that hold unless the setting says otherwise, by name.
STANDARD: Mapping[str, str] = MappingProxyType(
    {
        # wrong passphrases for one account; whoever tries on then waits a minute, two, four … up to an hour
        "log-in": "5/day",
        # wrong passphrases from one address
        "log-in-address": "30/15 minutes",
        # wrong codes of the second factor, for one account
        "second-factor": "10/hour",
        # questions to passkeys of whoever is not signed in, from one address
        "passkey": "60/15 minutes",
        # wrong codes of follow pages, and links that are none, from one address
        "code": "20/hour",
        # reports of whoever is not signed in, from one address
        "report": "5/hour",
        # those that were refused: a form sent again and again is work for the house as well
        "report-refused": "30/hour",
        # files of whoever is not signed in, from one address
        "upload": "20/hour",
        "upload-megabytes": "50/day",
    }
)
_MOST = 1_000_000


class WrongLimit(ValueError):
    """A part of the setting that is no bound."""


def limits_of(text: str = "") -> Mapping[str, RateLimitItem]:
    """The bounds in force, by name; ``WrongLimit`` names what cannot be read."""
    found = dict(STANDARD)
    for part in text.split(";"):
        if not part.strip():
            continue
        name, _, bound = (piece.strip() for piece in part.partition("="))
        if name not in STANDARD:
            raise WrongLimit(part.strip())
        found[name] = bound
    return {name: _parsed(name, bound) for name, bound in found.items()}


def _parsed(name: str, bound: str) -> RateLimitItem:
    try:
        found = parse(bound)
    except ValueError:
        raise WrongLimit(f"{name}={bound}") from None
    if not 1 <= found.amount <= _MOST or not 1 <= found.get_expiry() <= 32 * 86_400:
        raise WrongLimit(f"{name}={bound}")
    return found
