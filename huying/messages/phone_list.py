"""Residents without an address: what they were to be told waits on a list of their station, until somebody has told them by phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from engine.refusal import NotAllowed
from huying.access.viewer import Viewer, viewer
from huying.database.tables import deliveries, issues, participants, stations
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.words.moments import moment_words
from huying.words.names import named
from notifications import LINK, NOWHERE, OFFICE

#: So many are listed; the oldest come first.
MOST = 200


@dataclass(frozen=True, slots=True)
class CallLine:
    """One resident to be told about one issue: ``words`` is the newest message, without its links; ``count`` how many wait."""

    issue_id: int
    person: int
    name: str
    phone: str
    number: str
    subject: str
    station: str
    words: str
    since: str
    count: int


def without_address(target: str) -> bool:
    """Whether a message goes nowhere, because its recipient left no address."""
    return target.endswith(f"@{NOWHERE}")


def lay_aside(connection: Connection, messages: Sequence[int], now: datetime) -> None:
    """Have messages told by phone: nobody tries to send them, and nothing has failed."""
    if messages:
        query = update(deliveries).where(deliveries.c.id.in_(messages), deliveries.c.status == "pending")
        connection.execute(query.values(status="untold", ended_at=now))


def phone_list(house: House, person: int, language: str) -> tuple[CallLine, ...]:
    """Whom staff are to call, at the stations that they look after; ``NotAllowed`` for anybody else."""
    zone = house.zone
    with house.database.reading() as connection:
        reader = _staff(connection, person)
        newest = func.max(deliveries.c.id).label("newest")
        waiting = (
            select(newest, func.min(deliveries.c.created_at).label("since"), func.count().label("waiting"))
            .where(deliveries.c.status == "untold", *_theirs(reader))
            .group_by(deliveries.c.issue_id, deliveries.c.participant_id)
            .order_by(newest)
            .limit(MOST)
            .subquery()
        )
        query = (
            select(
                deliveries.c.text, deliveries.c.participant_id, waiting.c.since, waiting.c.waiting,
                issues.c.id, issues.c.number, issues.c.subject, participants.c.name, participants.c.phone,
                named(stations.c, language).label("station"),
            )
            .join(waiting, waiting.c.newest == deliveries.c.id)
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .join(stations, stations.c.id == issues.c.station_id)
            .join(participants, participants.c.id == deliveries.c.participant_id)
            # whoever can log in reads it there
            .where(participants.c.login.is_(None))
            .order_by(deliveries.c.id)
        )  # fmt: skip
        return tuple(_line(row, zone, language) for row in connection.execute(query))


def _line(row: Any, zone: tzinfo, language: str) -> CallLine:
    return CallLine(
        issue_id=row.id,
        person=row.participant_id,
        name=row.name,
        phone=row.phone or "",
        number=row.number,
        subject=row.subject,
        station=row.station,
        words=_without_links(row.text),
        since=moment_words(row.since, zone, language),
        count=row.waiting,
    )


def was_told(house: House, issue_id: int, person: int, by: By) -> None:
    """Somebody has told a resident, by phone, all that waited about an issue; ``NotFound`` if nothing waits any more."""
    with house.database.writing() as connection:
        caller = _staff(connection, by.somebody)
        waiting = update(deliveries).where(
            deliveries.c.status == "untold",
            deliveries.c.issue_id == issue_id,
            deliveries.c.participant_id == person,
            *_theirs(caller),
        )
        told = waiting.values(status="told", ended_at=by.now, reason=f"{caller.name} 已电话告知。 Told by phone.")
        if not connection.execute(told).rowcount:
            raise NotFound("这一条已经有人告诉过了。", "Somebody has told them already.")


def _staff(connection: Connection, person: int) -> Viewer:
    found = viewer(connection, person)
    if not found.staff:
        raise NotAllowed
    return found


def _theirs(reader: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What waits at the stations that somebody looks after; the office looks after all."""
    return () if reader.office else (deliveries.c.station_id.in_(reader.stations),)


def _without_links(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if LINK not in line and OFFICE not in line).strip()
