"""Who calls or stands at the counter: found by number or name, with what they raised before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from definitions.forms.address import digits
from definitions.text import words
from huying.access.viewer import Viewer, viewer
from huying.calls.number import known_as
from huying.database.tables import issues, participants, stations
from huying.database.tenure import serving
from huying.house.house import House
from huying.residents.joins import people_joined
from huying.words.moments import date_words
from huying.words.names import named

#: So many people are offered, and so many of their earlier issues.
MOST_PEOPLE, MOST_EARLIER = 5, 5
#: By fewer digits nobody is found: a number is known, not guessed.
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """An earlier issue of theirs: how it ended (``None``: it is open), and when it was raised."""

    number: str
    subject: str
    station: str
    opened: str
    ended: str | None


@dataclass(frozen=True, slots=True)
class CallerLine:
    """Somebody who is known; ``elsewhere`` counts the issues that the reader may not see."""

    id: int
    name: str
    phone: str
    earlier: tuple[EarlierLine, ...]
    elsewhere: int


def callers(house: House, person: int, phone: str, name: str, language: str) -> tuple[CallerLine, ...]:
    """Those known by a number, or by a name among those who raised something where this person serves."""
    number, name = digits(phone), name.strip()
    with house.database.reading() as connection:
        reader = viewer(connection, person)
        mine = _mine(connection, reader)
        query = (
            select(participants.c.id, participants.c.name, participants.c.phone)
            .where(participants.c.kind == "citizen", participants.c.active)
            .order_by(participants.c.id.desc())
            .limit(MOST_PEOPLE)
        )
        if len(number) >= FEWEST_DIGITS:
            # a number was noted with its extension, or rings without it
            query = query.where(participants.c.phone_index.in_({number, *known_as(phone)}))
        elif len(name) > 1:
            raised = exists().where(issues.c.reporter_id == participants.c.id, *_seen(reader, mine))
            query = query.where(participants.c.name == name, raised)
        else:
            return ()
        return tuple(_line(house, connection, row, reader, mine, language) for row in connection.execute(query).all())


def _mine(connection: Connection, reader: Viewer) -> frozenset[int]:
    """The stations where somebody serves, in whatever function."""
    query = select(serving.c.station_id).where(
        serving.c.participant_id == reader.participant_id, serving.c.station_id.is_not(None)
    )
    return frozenset(connection.execute(query).scalars())


def _seen(reader: Viewer, mine: frozenset[int]) -> tuple[ColumnElement[bool], ...]:
    return () if reader.office else (issues.c.station_id.in_(mine),)


def _line(
    house: House,
    connection: Connection,
    row: Any,
    reader: Viewer,
    mine: frozenset[int],
    language: str,
) -> CallerLine:
    name = named(stations.c, language).label("station")
    people = people_joined(connection, row.id)
    query = (
        select(issues, name)
        .join(stations, stations.c.id == issues.c.station_id)
        .where(issues.c.reporter_id.in_(people), *_seen(reader, mine))
        .order_by(issues.c.id.desc())
        .limit(MOST_EARLIER)
    )
    earlier = tuple(_earlier(house, one, language) for one in connection.execute(query).all())
    total = select(func.count()).select_from(issues).where(issues.c.reporter_id.in_(people))
    shown = total.where(*_seen(reader, mine))
    elsewhere = connection.execute(total).scalar_one() - connection.execute(shown).scalar_one()
    return CallerLine(row.id, row.name, row.phone or "", earlier, elsewhere)


def _earlier(house: House, row: Any, language: str) -> EarlierLine:
    process = house.processes.process(row.definition_version_id)
    title = process.definition.resolution_title(row.resolution)
    opened: datetime = row.opened_at
    return EarlierLine(
        number=row.number,
        subject=row.subject,
        station=row.station,
        opened=date_words(opened.astimezone(process.calendar.zone).date(), language),
        ended=words(title, language, row.resolution or "") if row.status == "closed" else None,
    )
