"""Lists of issues: for staff those of their stations, for a deputy those they answer for, for a resident their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true

from definitions.text import words
from huying.house import House
from huying.tables import issues, stations
from huying.views.moments import Due, due_words, moment_words
from huying.views.sight import Viewer, viewer
from huying.views.standing import stage_title

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; ``before`` is the id from which older issues follow."""

    station: str | None = None
    stage: str | None = None
    status: str | None = None
    overdue: bool = False
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
    name = stations.c.name_zh if language == "zh" else stations.c.name_en
    with house.database.reading() as connection:
        person = viewer(connection, participant_id)
        query = (
            select(issues, name.label("station"))
            .join(stations, stations.c.id == issues.c.station_id)
            .where(_theirs(person), *_narrowed(wanted, now))
            .order_by(issues.c.id.desc())
            .limit(PAGE + 1)
        )
        rows = connection.execute(query).all()
    lines: list[IssueLine] = []
    for row in rows[:PAGE]:
        process = house.processes.process(row.definition_version_id)
        zone, definition = process.calendar.zone, process.definition
        lines.append(
            IssueLine(
                id=row.id,
                number=row.number,
                subject=row.subject,
                station=row.station,
                stage=stage_title(row.stage, language),
                status=row.status,
                resolution=words(definition.resolution_title(row.resolution), language) if row.resolution else None,
                opened=moment_words(row.opened_at, zone, language),
                due=due_words(row.due_at, zone, now, language) if row.due_at and row.status == "open" else None,
            )
        )
    return IssueList(tuple(lines), rows[PAGE - 1].id if len(rows) > PAGE else None)


def _theirs(person: Viewer) -> ColumnElement[bool]:
    if person.office:
        return true()
    return or_(
        issues.c.station_id.in_(person.stations),
        issues.c.answerable_id == person.participant_id,
        issues.c.reporter_id == person.participant_id,
    )


def _narrowed(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if wanted.station:
        narrowed.append(stations.c.code == wanted.station)
    if wanted.stage:
        narrowed.append(issues.c.stage == wanted.stage)
    if wanted.status:
        narrowed.append(issues.c.status == wanted.status)
    if wanted.overdue:
        narrowed += [issues.c.status == "open", issues.c.due_at <= now]
    if wanted.before:
        narrowed.append(issues.c.id < wanted.before)
    return narrowed
