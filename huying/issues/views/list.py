"""Lists of issues: for staff those of their stations, for a deputy those they answer for, for a resident their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, true

from definitions.text import words
from huying.access.viewer import Viewer, viewer
from huying.database.tables import definition_versions, issues, stations
from huying.house.house import House
from huying.issues.record import has_number
from huying.issues.urgency import OPEN, Urgency, conditions
from huying.register.regions import places
from huying.words.moments import Due, due_seen, moment_words
from huying.words.names import named
from huying.words.stages import stage_title

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; ``before`` is the id from which older issues follow.

    ``region`` is the code of an area that figures are summed up for: the issues of its stations.
    ``due`` is an urgency, as the board counts it; ``overdue`` is the same as that urgency.
    ``number``: one of an issue's own, or (such as a document number) one that it was given on the way.
    ``cared_for``: only issues of stations that the reader looks after as staff, none that they only answer for or reported.
    """

    station: str | None = None
    region: str | None = None
    definition: str | None = None
    stage: str | None = None
    status: str | None = None
    due: Urgency | None = None
    overdue: bool = False
    cared_for: bool = False
    number: str | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue in a list; nothing in it is personal."""

    id: int
    number: str
    subject: str
    station: str
    stage: str
    status: str
    resolution: str | None
    opened: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class IssueList:
    """A page of issues, newest first; ``older`` continues it, if there is more."""

    lines: tuple[IssueLine, ...]
    older: int | None


def issue_list(house: House, participant_id: int, wanted: Filter, language: str, now: datetime) -> IssueList:
    """The issues that this person looks after, answers for or reported."""
    name = named(stations.c, language)
    with house.database.reading() as connection:
        person = viewer(connection, participant_id)
        query = (
            select(issues, name.label("station"))
            .join(stations, stations.c.id == issues.c.station_id)
            .where(theirs(person, wanted), *_narrowed(house, connection, wanted, now))
            .order_by(issues.c.id.desc())
            .limit(PAGE + 1)
        )
        rows = connection.execute(query).all()
    lines: list[IssueLine] = []
    for row in rows[:PAGE]:
        process = house.processes.process(row.definition_version_id)
        calendar, definition = process.calendar, process.definition
        lines.append(
            IssueLine(
                id=row.id,
                number=row.number,
                subject=row.subject,
                station=row.station,
                stage=stage_title(row.stage, language),
                status=row.status,
                resolution=words(definition.resolution_title(row.resolution), language) if row.resolution else None,
                opened=moment_words(row.opened_at, calendar.zone, language),
                due=(
                    due_seen(row.due_at, calendar, now, language, provisional=row.provisional, paused_at=row.paused_at)
                    if row.status == "open"
                    else None
                ),
            )
        )
    return IssueList(tuple(lines), rows[PAGE - 1].id if len(rows) > PAGE else None)


def theirs(person: Viewer, wanted: Filter) -> ColumnElement[bool]:
    """The issues that somebody may see in lists."""
    if person.office:
        return true()
    cared_for = issues.c.station_id.in_(person.stations)
    if wanted.cared_for:
        return cared_for
    return or_(
        cared_for,
        issues.c.answerable_id == person.participant_id,
        issues.c.reporter_id == person.participant_id,
    )


def of_definition(key: str, *, among_open: bool = False) -> ColumnElement[bool]:
    """The issues of a definition, whichever version or variant they follow.

    ``among_open`` tells them by a sum and not by the column, so that SQLite keeps to the indexes on open issues and does not read every row of
    the definition.
    """
    column = issues.c.definition_version_id
    versions = select(definition_versions.c.id).where(definition_versions.c.key == key)
    return (column + 0).in_(versions) if among_open else column.in_(versions)


def _narrowed(house: House, connection: Connection, wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if wanted.station:
        narrowed.append(stations.c.code == wanted.station)
    if wanted.number:
        narrowed.append(has_number(wanted.number.strip()))
    if wanted.region:
        inside = [place.id for place in places(connection, "zh").values() if place.region.code == wanted.region]
        narrowed.append(issues.c.station_id.in_(inside))
    if wanted.definition:
        narrowed.append(of_definition(wanted.definition, among_open=wanted.overdue or wanted.due is not None))
    if wanted.stage:
        narrowed.append(issues.c.stage == wanted.stage)
    if wanted.status:
        narrowed.append(issues.c.status == wanted.status)
    urgencies: set[Urgency] = {wanted.due} if wanted.due else set()
    if wanted.overdue:
        urgencies.add("overdue")
    known = conditions(house, now) if urgencies else {}
    narrowed += [OPEN & known[urgency] for urgency in sorted(urgencies)]
    if wanted.before:
        narrowed.append(issues.c.id < wanted.before)
    return narrowed
