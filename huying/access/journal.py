"""What happens to accounts, noted: the one place through which every log-in, failure, second factor, link, passphrase and end of a session goes.

For now a line of log with facts for programs; whoever keeps a journal of its own hangs it on here.
"""

from __future__ import annotations

import logging
from typing import Literal

_log = logging.getLogger("huying.access")

Happening = Literal[
    "signed-in",
    "sign-in-refused",
    "signed-out",
    "session-ended",
    "second-factor-passed",
    "second-factor-refused",
    "second-factor-set",
    "second-factor-taken-off",
    "recovery-code-used",
    "passkey-added",
    "passkey-removed",
    "passkey-refused",
    "passkey-counted-back",
    "provider-bound",
    "provider-unbound",
    "provider-refused",
    "link-made",
    "link-used",
    "link-refused",
    "link-ended",
    "passphrase-set",
    "passphrase-refused",
    "key-made",
    "key-agreed",
    "key-ended",
    "key-refused",
    "account-disabled",
    "account-enabled",
    "register-exported",
]


def noted(what: Happening, person: int | None, by: int | None = None, how: str = "") -> None:
    """Note what happened to somebody's account; ``by``: who did it, if it was not they themself. Never a token, a passphrase or what was typed."""
    facts = {"what": what, "person": person, "by": by, "how": how or None}
    told = {name: value for name, value in facts.items() if value is not None}
    _log.info("account: %s", " ".join(f"{name}={value}" for name, value in told.items()), extra={"facts": told})
