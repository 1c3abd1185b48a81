"""Where somebody is told: their addresses in order, and what becomes of an address when messages come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from huying.database.statement import Statement
from huying.database.tables import addresses
from notifications import NOWHERE

#: So many failures within ``_SPAN`` suspend an address.
PATIENCE = 3
_SPAN = timedelta(days=14)


class OwnAddress(NamedTuple):
    """An address of somebody: the key of its row (0: they left none)."""

    number: int
    channel: str
    target: str
    unconfirmed: bool
    sender_key: str | None = None


_a = addresses.c
_own = Statement(
    select(_a.id, _a.channel, _a.target, _a.state, _a.sender_key)
    .where(_a.participant_id == bindparam("person"), (_a.state == "usable") | (_a.state == "unconfirmed"))
    .order_by(_a.rank, _a.id)
)


def usable(connection: Connection, person: int) -> list[OwnAddress]:
    """Somebody's addresses that may be written to, in their order; those that nobody has confirmed come last."""
    found = [
        OwnAddress(int(row[0]), row[1], row[2], row[3] == "unconfirmed", row[4])
        for row in _own.rows(connection, {"person": person})
    ]
    return sorted(found, key=lambda one: one.unconfirmed)


def nowhere(person: int) -> OwnAddress:
    """Where whoever left no address is written to: the local mailbox takes it; else they are told by phone."""
    return OwnAddress(0, "mail", f"participant-{person}@{NOWHERE}", False)


def failed_at(connection: Connection, address: int, reason: str, now: datetime, *, hard: bool) -> str:
    """A message to an address came back: for good (``hard``: nobody is there), or perhaps not; the address's state then."""
    row = connection.execute(select(_a.state, _a.failures, _a.failing_since).where(_a.id == address)).one_or_none()
    if row is None:
        return "gone"
    begun_anew = row.state == "usable" and row.failures >= PATIENCE
    fresh = begun_anew or row.failing_since is None or row.failing_since < now - _SPAN
    failures = 1 if fresh else row.failures + 1
    state = "gone" if hard else "suspended" if failures >= PATIENCE else row.state
    values = {"failures": failures, "failing_since": now if fresh else row.failing_since, "state": state}
    connection.execute(update(addresses).where(_a.id == address).values(**values, reason=reason[:1000] or None))
    return str(state)


_reached = Statement(
    update(addresses)
    .where(_a.id == bindparam("address"))
    .values(last_ok_at=bindparam("moment", type_=_a.last_ok_at.type), failures=0, failing_since=None)
)


def reached(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Messages to these addresses were taken."""
    _reached.put_many(connection, [{"address": one, "moment": now} for one in dict.fromkeys(numbers)])
