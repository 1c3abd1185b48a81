"""What happens to accounts, noted: the one place through which every log-in, failure, second factor, link, passphrase and end of a session goes.

A line of the audit log, and one of the program's log with facts for programs.
"""

from __future__ import annotations

import logging
from typing import Literal

from sqlalchemy import Connection, Engine

from huying.audit.record import AuditNote, Outcome, note, note_apart

_log = logging.getLogger("huying.access")

Happening = Literal[
    "signed-in",
    "signed-out",
    "session-ended",
    "second-factor-passed",
    "second-factor-set",
    "second-factor-taken-off",
    "recovery-code-used",
    "passkey-added",
    "passkey-removed",
    "provider-bound",
    "provider-unbound",
    "link-made",
    "link-used",
    "link-ended",
    "passphrase-set",
    "key-made",
    "key-agreed",
    "key-ended",
    "account-disabled",
    "account-enabled",
]
Failure = Literal[
    "sign-in-refused",
    "sign-in-braked",
    "second-factor-refused",
    "passkey-refused",
    "passkey-counted-back",
    "provider-refused",
    "link-refused",
    "passphrase-refused",
    "key-refused",
]


def noted(connection: Connection, what: Happening, person: int, by: int | None = None, how: str = "") -> None:
    """Note what happened to somebody's account, in its transaction; ``by``: who did it, if not they themself. Never a token, or what was typed."""
    note(
        connection, AuditNote(what=what, about=person, by=by or _self(what, person), detail={"how": how} if how else {})
    )
    _tell(what, person, by, how)


def noted_failure(engine: Engine, what: Failure, person: int | None, how: str = "") -> None:
    """Note what did not come about, whatever becomes of the transaction around it; ``person``: whose account it was, as far as it is known."""
    refused: Outcome = "refused"
    note_apart(engine, AuditNote(what=what, about=person, outcome=refused, detail={"how": how} if how else {}))
    _tell(what, person, None, how)


def _self(what: str, person: int) -> int | None:
    """Who has just shown who they are does it; who makes a link for somebody, the caller says."""
    return (
        None if what in ("session-ended", "link-made", "link-ended", "key-made", "second-factor-taken-off") else person
    )


def _tell(what: str, person: int | None, by: int | None, how: str) -> None:
    facts = {"what": what, "person": person, "by": by, "how": how or None}
    told = {name: value for name, value in facts.items() if value is not None}
    _log.info("account: %s", " ".join(f"{name}={value}" for name, value in told.items()), extra={"facts": told})
