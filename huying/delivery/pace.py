"""Limits of senders: so many messages a minute, and so many to one person a day.

A token bucket in the row of the sender, filled and emptied in the transaction that claims messages: one that is over its limit gives its
messages a later moment, each its own, and keeps no other sender waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from huying.database.tables import deliveries, senders
from huying.messages.senders import Sender

#: What is said of a message that waits for its turn at its sender; with it, it has its place in the bucket already.
IN_TURN = "发送账号已到每分钟上限，排队中。 The sender is at its limit; it waits for its turn."
_d = deliveries.c


@dataclass(slots=True)
class TokenBucket:
    """What a sender may send now: below zero, so many wait for their turn."""

    key: str
    per_minute: int
    tokens: float

    def take(self, now: datetime) -> datetime | None:
        """Take a place: ``None`` for at once, else the moment at which it is there."""
        self.tokens -= 1
        return None if self.tokens >= 0 else now + timedelta(minutes=-self.tokens / self.per_minute)


def buckets(connection: Connection, known: Sequence[Sender], now: datetime) -> dict[str, TokenBucket]:
    """The buckets of these senders, locked by this transaction, as full as they are now; without a limit there is none."""
    limited = sorted({one.key for one in known if one.per_minute})
    if not limited:
        return {}
    query = select(senders).where(senders.c.key.in_(limited)).order_by(senders.c.key).with_for_update()
    return {row.key: _filled(row, now) for row in connection.execute(query)}


def _filled(row: Row[Any], now: datetime) -> TokenBucket:
    passed = (now - row.filled_at).total_seconds() / 60 if row.filled_at is not None else 1.0
    tokens = row.tokens + max(0.0, passed) * row.per_minute
    return TokenBucket(row.key, row.per_minute, min(float(row.per_minute), tokens))


def keep(connection: Connection, found: Sequence[TokenBucket], now: datetime) -> None:
    """Write how full they are."""
    for one in found:
        own = update(senders).where(senders.c.key == one.key)
        connection.execute(own.values(tokens=one.tokens, filled_at=now))


def told_today(connection: Connection, sender: str, person: int, begun: datetime) -> int:
    """How many messages a sender has sent to somebody since a day began."""
    query = select(func.count()).where(
        _d.participant_id == person, _d.sender_key == sender, _d.ended_at >= begun, _d.attempts > 0
    )
    return int(connection.execute(query).scalar_one())
