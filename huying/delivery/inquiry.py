"""Asking providers that send no receipts what became of messages: a few times each, since such questions are counted, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select

from huying.database.tables import deliveries, senders
from huying.delivery.receipts import take_receipts
from huying.house.house import House
from notifications import KINDS

#: How long one round lasts.
ROUND = timedelta(minutes=5)
#: How old a message is when it is asked after; unread ones only, after the first time.
_AGES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(hours=24))
_MOST = 300
_d = deliveries.c


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """A message that is asked after: through which sender it went, and its number there."""

    sender: str
    reference: str


def to_ask(connection: Connection, now: datetime) -> list[AskedAfter]:
    """Which messages come to be asked after in the round that ``now`` is in."""
    kinds = [key for key, kind in KINDS.items() if kind.asks_after is not None]
    keys = connection.execute(select(senders.c.key).where(senders.c.kind.in_(kinds))).scalars().all()
    if not keys:
        return []
    begun = datetime.fromtimestamp(now.timestamp() // ROUND.total_seconds() * ROUND.total_seconds(), now.tzinfo)
    ages = or_(*(and_(_d.ended_at > begun - age - ROUND, _d.ended_at <= begun - age) for age in _AGES))
    open_ones = _d.status.in_(("accepted", "delivered")), _d.read_at.is_(None), _d.reference.is_not(None)
    query = select(_d.sender_key, _d.reference).where(_d.sender_key.in_(keys), *open_ones, ages)
    rows = connection.execute(query.order_by(_d.ended_at.desc()).limit(_MOST)).all()
    return [AskedAfter(row.sender_key, row.reference) for row in rows]


def ask_after(house: House, now: datetime) -> tuple[int, int]:
    """Ask; of how many messages, and of how many something new was said."""
    with house.database.reading() as connection:
        found = to_ask(connection, now)
        rows = {row.key: row for row in connection.execute(select(senders)).all()} if found else {}
    new = 0
    for key, references in _by_sender(found).items():
        row = rows[key]
        kind = KINDS[row.kind]
        assert kind.asks_after is not None
        try:
            credential = kind.credential(dict(row.fields or {}), dict(row.secret or {}))
        except ValueError:
            continue
        said = kind.asks_after(credential, references)
        with house.database.writing() as connection:
            new += take_receipts(connection, key, said, now)
    return len(found), new


def _by_sender(found: list[AskedAfter]) -> Mapping[str, list[str]]:
    sorted_out: dict[str, list[str]] = defaultdict(list)
    for one in found:
        sorted_out[one.sender].append(one.reference)
    return sorted_out
