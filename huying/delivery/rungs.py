"""The next rung: what did not reach somebody at one address is sent to their next one, as long as anybody still needs it.

Written in the transaction that finds that it did not, under a key of its own: two dispatchers that find it at once write one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from huying.database.tables import deliveries, participants, work_items
from huying.messages.addresses import OwnAddress, nowhere
from huying.messages.routes import ordered
from huying.messages.senders import SaidAbout
from huying.messages.topics import topic_of
from huying.messages.wishes import wish_of

_d = deliveries.c
#: What a rung has from the one before it.
_SAME = (
    *("issue_id", "station_id", "sequence", "participant_id", "occasion", "template", "template_version", "language"),
    *("subject", "text", "html", "fields", "by_channel", "item", "instead_of", "urgent", "trace"),
)
#: So many waits are looked at in one go.
_AT_ONCE = 200


def next_rung(connection: Connection, row: Row[Any], now: datetime, *, last: bool = True) -> bool:
    """Have a message that did not reach somebody sent to their next address; whether nothing more is to be done about it.

    Where there is no further address, who cannot sign in and left a number is to be told by phone (``last``); for others it has failed.
    """
    person = connection.execute(select(participants).where(participants.c.id == row.participant_id)).one()
    if not person.active or person.erased_at is not None or not is_needed(connection, row):
        return True
    wish = wish_of(connection, person.id, person.kind, topic_of(row.occasion))
    about = SaidAbout(row.occasion, row.language)
    way = next(iter(ordered(connection, person.id, about, wish.channels, _tried(connection, row))), None)
    if way is not None and not way.unconfirmed:
        _write(connection, row, way, now)
        return True
    if last and person.login is None and person.phone and row.issue_id is not None:
        _write(connection, row, nowhere(person.id), now, status="untold")
        return True
    return False


def is_needed(connection: Connection, row: Row[Any]) -> bool:
    """Whether what a message asks for is still to be done; of one that asks for nothing, always, while its issue is there."""
    if row.issue_id is None or row.item is None:
        return True
    query = select(work_items.c.status).where(
        work_items.c.issue_id == row.issue_id, work_items.c.number == row.item, work_items.c.status == "open"
    )
    return connection.execute(query).first() is not None


def fall_back(connection: Connection, now: datetime) -> int:
    """Send on what has stayed unread past its time; how many waits are over."""
    over = _d.wait_until.is_not(None), _d.wait_until <= now
    query = select(deliveries).where(*over).order_by(_d.wait_until).limit(_AT_ONCE)
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        connection.execute(update(deliveries).where(_d.id == row.id).values(wait_until=None))
        if row.status in ("accepted", "delivered", "unknown") and row.read_at is None:
            next_rung(connection, row, now, last=False)
    return len(rows)


def waits_over(connection: Connection, now: datetime) -> bool:
    """Whether something has stayed unread past its time; cheap."""
    query = select(_d.id).where(_d.wait_until.is_not(None), _d.wait_until <= now).limit(1)
    return connection.execute(query).first() is not None


def base_of(row: Row[Any]) -> str:
    """The key that all rungs of a message begin with."""
    return str(row.key).rpartition(".")[0] if row.rung else str(row.key)


def _tried(connection: Connection, row: Row[Any]) -> set[int]:
    base = base_of(row)
    keys = [base, *(f"{base}.{rung}" for rung in range(1, row.rung + 2))]
    found = connection.execute(select(_d.address_id).where(_d.key.in_(keys), _d.address_id.is_not(None)))
    return {int(number) for number in found.scalars()}


def _write(connection: Connection, row: Row[Any], way: OwnAddress, now: datetime, *, status: str = "pending") -> None:
    rung = row.rung + 1
    values = {
        **{name: getattr(row, name) for name in _SAME},
        **_said(row, way.channel),
        "key": f"{base_of(row)}.{rung}",
        "rung": rung,
        "instead_of_id": row.id,
        "address_id": way.number or None,
        "channel": way.channel,
        "target": way.target,
        "status": status,
        "attempts": 0,
        "available_at": now,
        "created_at": now,
        "ended_at": now if status == "untold" else None,
    }
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(make(deliveries).values(**values).on_conflict_do_nothing(index_elements=["key"]))


def _said(row: Row[Any], channel: str) -> dict[str, Any]:
    """What it says on a channel, where its process says something else there than where it was sent before."""
    known = row.by_channel or {}
    return known.get(channel) or known.get("") or {}
