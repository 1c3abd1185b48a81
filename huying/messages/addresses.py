"""Where somebody is told."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from huying.database.tables import addresses
from notifications import NOWHERE


class OwnAddress(NamedTuple):
    """An address of somebody: the key of its row (0: they left none)."""

    number: int
    channel: str
    target: str
    unconfirmed: bool


def addresses_of(connection: Connection, person: int) -> list[OwnAddress]:
    """Somebody's addresses, the first to be tried first."""
    a = addresses.c
    query = select(a.id, a.channel, a.target, a.state).where(a.participant_id == person).order_by(a.rank, a.id)
    found = [OwnAddress(int(row[0]), row[1], row[2], row[3] == "unconfirmed") for row in connection.execute(query)]
    # who left no address is written to all the same: the local mailbox takes it, a mail server refuses it with the reason
    return found or [OwnAddress(0, "mail", f"participant-{person}@{NOWHERE}", False)]
