"""Messages that reached nobody: listed for whoever looks after them, and sent again, one or all of a sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select, true, update

from engine.refusal import NotAllowed
from huying.access.viewer import Viewer, viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import deliveries, issues, participants
from huying.house.by import By
from huying.house.house import House
from huying.words.mask import mask
from huying.words.private_text import masked

#: So many are listed, the newest first.
MOST = 200
_d = deliveries.c
_next = deliveries.alias()
#: Not what went on to another address.
_LOST = _d.status.in_(("failed", "undelivered", "unknown")) & ~exists().where(_next.c.instead_of_id == _d.id)


@dataclass(frozen=True, slots=True)
class LostLine:
    """A message that reached nobody, or perhaps nobody."""

    id: int
    name: str
    target: str
    subject: str
    number: str
    channel: str
    sender: str
    status: str
    reason: str
    at: datetime


def undelivered(house: House, person: int, sender: str = "") -> Sequence[LostLine]:
    """What reached nobody at the stations that somebody looks after."""
    with house.database.reading() as connection:
        which = [*_theirs(_staff(connection, person)), *_through(sender)]
        query = (
            select(
                _d.id, _d.target, _d.subject, _d.channel, _d.sender_key, _d.status, _d.reason, _d.ended_at, _d.created_at,
                participants.c.name, issues.c.number,
            )
            .join(participants, participants.c.id == _d.participant_id)
            .outerjoin(issues, issues.c.id == _d.issue_id)
            .where(_LOST, _d.emptied_at.is_(None), *which)
            .order_by(_d.id.desc())
            .limit(MOST)
        )  # fmt: skip
        return [_line(row) for row in connection.execute(query)]


def _line(row: Any) -> LostLine:
    return LostLine(
        id=row.id,
        name=row.name,
        target=mask(row.target),
        subject=masked(row.subject),
        number=row.number or "",
        channel=row.channel,
        sender=row.sender_key or "",
        status=row.status,
        reason=mask(row.reason or ""),
        at=row.ended_at or row.created_at,
    )


def send_again(house: House, by: By, *, only: int | None = None, sender: str = "") -> int:
    """Have one, or all of a sender, tried again at once, under the same key; how many."""
    with house.database.writing() as connection:
        which = [*_theirs(_staff(connection, by.somebody)), *_through(sender)]
        mine = [_d.id == only] if only is not None else []
        again = {"status": "pending", "attempts": 0, "available_at": by.now, "ended_at": None, "reason": None}
        lost = update(deliveries).where(_LOST, _d.emptied_at.is_(None), *which, *mine)
        count = int(connection.execute(lost.values(**again)).rowcount)
        said = {"count": count, "sender": sender}
        note(
            connection,
            AuditNote(what="messages-resent", object="list:undelivered", by=by.somebody, detail=said, at=by.now),
        )
        return count


def _through(sender: str) -> list[ColumnElement[bool]]:
    return [_d.sender_key == sender] if sender else []


def _theirs(person: Viewer) -> list[ColumnElement[bool]]:
    return [true()] if person.office else [_d.station_id.in_(person.stations)]


def _staff(connection: Connection, person: int) -> Viewer:
    found = viewer(connection, person)
    if not found.staff:
        raise NotAllowed
    return found
