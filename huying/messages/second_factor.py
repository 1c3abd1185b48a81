"""The owner of an account is told when what they log in with beside the passphrase has changed: whoever did it, and wherever they hear it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from huying.messages.notices import write_notice
from huying.words.moments import moment_words

#: What can happen; the messages are called so too.
FactorChange = Literal[
    "passkey-added",
    "passkey-removed",
    "second-factor-set",
    "second-factor-taken-off",
    "recovery-used",
    "recovery-renewed",
]


def tell_owner(connection: Connection, change: FactorChange, person: int, now: datetime, zone: ZoneInfo) -> int:
    """Tell them in the transaction that changes it; how many messages are new. They name the moment and nothing that opens anything."""

    def words(language: str) -> Mapping[str, Any]:
        return {"when": moment_words(now, zone, language)}

    return write_notice(connection, change, f"{change}.{now.isoformat()}", person, words, now)
