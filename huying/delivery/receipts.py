"""Receipts: what providers say afterwards of messages that they took. Each is noted once; a message's state only goes forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from huying.database.tables import deliveries, receipts
from huying.delivery.rungs import next_rung
from huying.incidents.opening import OCCASION, Failed, open_incident
from huying.messages.addresses import failed_at, reached
from huying.words.mask import mask
from notifications import ProviderReceipt

_d, _r = deliveries.c, receipts.c
#: How far a message has come; one that failed here stays so, whatever is said of it later.
_FAR: Mapping[str, int] = {"pending": 0, "unknown": 1, "accepted": 1, "undelivered": 2, "delivered": 3}


def take_receipts(connection: Connection, sender: str, found: Sequence[ProviderReceipt], now: datetime) -> int:
    """Note receipts of a sender, and have what they say done; how many were new. One of an unknown message waits until that is known."""
    new = 0
    for one in found:
        message = _message(connection, sender, one.reference)
        if message is None and one.number:
            # its answer was lost, and with it the provider's number: ours is known
            message = _message(connection, sender, one.number)
        if _note(connection, sender, one, message, now):
            new += 1
            if message is not None:
                _apply(connection, message, one, now)
            elif one.number and one.number != one.reference:
                # it may still be waiting for the answer: by which number it will be known is open
                _note(connection, sender, replace(one, reference=one.number), None, now)
    return new


def late_receipts(connection: Connection, sender: str, reference: str, now: datetime) -> None:
    """What was said of a message before its number was known here."""
    query = select(receipts).where(_r.sender_key == sender, _r.reference == reference, _r.delivery_id.is_(None))
    for row in connection.execute(query.order_by(_r.id)).all():
        message = _message(connection, sender, reference)
        if message is None:
            return
        connection.execute(update(receipts).where(_r.id == row.id).values(delivery_id=message.id))
        said = ProviderReceipt(reference=reference, code=row.code, means=row.means, at=row.at)
        _apply(connection, message, said, now)


def _message(connection: Connection, sender: str, reference: str) -> Row[Any] | None:
    query = select(deliveries).where(_d.sender_key == sender, _d.reference == reference).order_by(_d.id.desc())
    return connection.execute(query.limit(1).with_for_update()).first()


def _note(connection: Connection, sender: str, one: ProviderReceipt, message: Row[Any] | None, now: datetime) -> bool:
    row = {
        "sender_key": sender,
        "reference": one.reference[:200],
        "code": one.code[:80],
        "means": one.means,
        "at": one.at or now,
        "delivery_id": message.id if message is not None else None,
        "raw": mask(" ".join(one.reason))[:1000].strip() or None,
    }
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    unique = ["sender_key", "reference", "code"]
    statement = make(receipts).values(**row).on_conflict_do_nothing(index_elements=unique)
    return connection.execute(statement.returning(_r.id)).first() is not None


def _apply(connection: Connection, message: Row[Any], one: ProviderReceipt, now: datetime) -> None:
    values = advanced(message.status, message.received_at, message.read_at, one, now)
    if not values:
        return
    reason = mask(" ".join(one.reason))[:1000].strip() or one.code
    if values.get("status") == "undelivered":
        values["reason"] = reason
    connection.execute(update(deliveries).where(_d.id == message.id).values(**values))
    if values.get("status") == "undelivered":
        not_received(connection, message, reason, now, gone=one.gone)
    elif values.get("status") == "delivered" and message.address_id:
        reached(connection, [message.address_id], now)


def advanced(
    status: str, received: datetime | None, read: datetime | None, one: ProviderReceipt, now: datetime
) -> dict[str, Any]:
    """What a receipt changes about a message; nothing, where it says less than is known, or says it again."""
    moment = one.at or now
    values: dict[str, Any] = {}
    means = "delivered" if one.means == "read" else one.means
    if status in _FAR and _FAR.get(means, 0) > _FAR[status]:
        values |= {"status": means, "ended_at": moment}
    if means == "delivered" and status != "failed" and (received is None or moment < received):
        values["received_at"] = moment
    if one.means == "read" and status != "failed" and (read is None or moment < read):
        values |= {"read_at": moment, "wait_until": None}
    return values


def not_received(connection: Connection, message: Row[Any], reason: str, now: datetime, *, gone: bool) -> None:
    """A message that was taken did not arrive: the next rung, or else an incident."""
    if message.address_id:
        failed_at(connection, message.address_id, reason, now, hard=gone)
    if not next_rung(connection, message, now) and message.occasion != OCCASION:
        failed = Failed(
            what="delivery",
            what_id=message.id,
            kind="message",
            reason=reason,
            attempts=message.attempts,
            issue_id=message.issue_id,
        )
        open_incident(connection, failed, now)
