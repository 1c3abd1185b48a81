"""Lists of issues: for staff those of their stations, for a deputy those they answer for, for a resident their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from definitions.text import words
from huying.access.viewer import viewer
from huying.database.tables import issues, stations
from huying.house.house import House
from huying.issues.views.filter import Filter, listed
from huying.words.moments import Due, due_seen, moment_words
from huying.words.names import named
from huying.words.stages import stage_title

PAGE = 50


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
            .where(*listed(house, connection, person, wanted, now))
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
