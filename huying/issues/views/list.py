"""Lists of issues: for staff those of their stations, for a deputy those they answer for, for a resident their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from definitions.text import words
from huying.access.viewer import viewer
from huying.database.tables import issues, stations
from huying.house.house import House
from huying.issues.views.filter import Filter, listed
from huying.words.moments import Due, due_seen, moment_words
from huying.words.names import named
from huying.words.stages import stage_title

PAGE = 50
#: What a line needs of an issue: not its state, which is long.
_SHOWN = (
    "id",
    "number",
    "subject",
    "definition_version_id",
    "stage",
    "status",
    "resolution",
    "opened_at",
    "due_at",
    "provisional",
    "paused_at",
)


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
    with house.database.reading() as connection:
        person = viewer(connection, participant_id)
        conditions = listed(house, connection, person, wanted, now)
        lines = lines_of(house, connection, and_(*conditions), language, now)
    return IssueList(lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None)


def lines_of(
    house: House, connection: Connection, which: ColumnElement[bool], language: str, now: datetime
) -> tuple[IssueLine, ...]:
    """These issues (and stations) as lines, the newest first: as many as a page has, and one more."""
    query: Select[Any] = (
        select(*(issues.c[name] for name in _SHOWN), named(stations.c, language).label("station"))
        .join(stations, stations.c.id == issues.c.station_id)
        .where(which)
        .order_by(issues.c.id.desc())
        .limit(PAGE + 1)
    )
    return tuple(_line(house, row, language, now) for row in connection.execute(query))


def _line(house: House, row: Row[Any], language: str, now: datetime) -> IssueLine:
    process = house.processes.process(row.definition_version_id)
    calendar, definition = process.calendar, process.definition
    due = None
    if row.status == "open":
        due = due_seen(row.due_at, calendar, now, language, provisional=row.provisional, paused_at=row.paused_at)
    return IssueLine(
        id=row.id,
        number=row.number,
        subject=row.subject,
        station=row.station,
        stage=stage_title(row.stage, language),
        status=row.status,
        resolution=words(definition.resolution_title(row.resolution), language) if row.resolution else None,
        opened=moment_words(row.opened_at, calendar.zone, language),
        due=due,
    )
