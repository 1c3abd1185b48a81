"""What a deputy did in a year, month by month, from the history alone: what they answered for, what they did, what was closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from babel.dates import get_month_names
from sqlalchemy import Connection, Row, func, or_, select

from definitions.model.step import WaitingStep
from definitions.text import spoken, words
from huying.access.viewer import Viewer, viewer
from huying.database.tables import history, issues, stations, work_items
from huying.database.tenure import serving
from huying.house.by import VOICES
from huying.house.house import House
from huying.issues.record import no_issue
from huying.locale import LOCALES
from huying.words.moments import moment_words
from huying.words.names import named

Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class FileMonth:
    """What happened in a month (1 to 12)."""

    month: int
    title: str
    taken_on: int
    actions: int
    closed: int


@dataclass(frozen=True, slots=True)
class FiledIssue:
    """An issue that the deputy answers for."""

    number: str
    subject: str
    station: str
    opened: str
    closed: str | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class FiledAction:
    """Something that the deputy did."""

    day: date
    when: str
    number: str
    subject: str
    step: str
    action: str


@dataclass(frozen=True, slots=True)
class YearlyFile:
    """One person, one year."""

    participant_id: int
    name: str
    kind: str
    year: int
    months: tuple[FileMonth, ...]
    issues: tuple[FiledIssue, ...]
    actions: tuple[FiledAction, ...]

    @property
    def closed(self) -> int:
        """How many issues were closed in the year."""
        return sum(month.closed for month in self.months)


def yearly_file(house: House, participant_id: int, year: int, *, for_whom: int, language: str) -> YearlyFile:
    """The file; for the person, the office, and the staff of the person's stations. ``NotFound`` for anybody else."""
    zone = house.zone
    begin, end = (datetime(of, 1, 1, tzinfo=zone).astimezone(UTC) for of in (year, year + 1))
    with house.database.reading() as connection:
        _check(connection, participant_id, viewer(connection, for_whom))
        person = viewer(connection, participant_id)
        answered = _answered(connection, participant_id, begin, end, language)
        acted = _acted(connection, participant_id, begin, end)
        steps = _steps(connection, acted)
    return YearlyFile(
        participant_id=participant_id,
        name=person.name,
        kind=person.kind,
        year=year,
        months=_months(answered, acted, (begin, end), zone, language),
        issues=tuple(_issue(house, row, zone, language) for row in answered),
        actions=tuple(_action(house, row, steps.get((row.issue_id, row.event.item)), zone, language) for row in acted),
    )


def _check(connection: Connection, participant_id: int, reader: Viewer) -> None:
    at = select(serving.c.station_id).where(serving.c.participant_id == participant_id)
    if reader.participant_id == participant_id or reader.office:
        return
    if reader.stations.isdisjoint(connection.execute(at).scalars()):
        raise no_issue()


def _answered(connection: Connection, participant_id: int, begin: datetime, end: datetime, language: str) -> Rows:
    """The issues that the person answered for at any time of the year."""
    name = named(stations.c, language)
    query = (
        select(issues, name.label("station"))
        .join(stations, stations.c.id == issues.c.station_id)
        .where(issues.c.answerable_id == participant_id, issues.c.opened_at < end)
        .where(or_(issues.c.closed_at.is_(None), issues.c.closed_at >= begin))
        .order_by(issues.c.opened_at)
    )
    return connection.execute(query).all()


def _acted(connection: Connection, participant_id: int, begin: datetime, end: datetime) -> Rows:
    """What the person did in the year, with the step of the task that they did it on."""
    query = (
        select(history.c.at, history.c.event, history.c.issue_id, issues.c.number, issues.c.subject)
        .add_columns(issues.c.definition_version_id)
        .join(issues, issues.c.id == history.c.issue_id)
        .where(history.c.actor_id == participant_id, history.c.kind == "act")
        # what they only noted for a resident is the resident's
        .where(func.coalesce(history.c.via, "").not_in(VOICES))
        .where(history.c.at >= begin, history.c.at < end)
        .order_by(history.c.at)
    )
    return connection.execute(query).all()


def _steps(connection: Connection, acted: Rows) -> Mapping[tuple[int, int], str]:
    """The step of each task by issue and number."""
    query = select(work_items.c.issue_id, work_items.c.number, work_items.c.step)
    rows = connection.execute(query.where(work_items.c.issue_id.in_({row.issue_id for row in acted})))
    return {(issue, number): step for issue, number, step in rows}


def _months(
    answered: Rows, acted: Rows, year: tuple[datetime, datetime], zone: tzinfo, language: str
) -> tuple[FileMonth, ...]:
    def by_month(moments: Iterable[datetime | None]) -> Counter[int]:
        return Counter(at.astimezone(zone).month for at in moments if at and year[0] <= at < year[1])

    taken_on, closed = by_month(row.opened_at for row in answered), by_month(row.closed_at for row in answered)
    actions = by_month(row.at for row in acted)
    titles = get_month_names("abbreviated" if spoken(language) == "zh" else "wide", locale=LOCALES[language])
    return tuple(FileMonth(n, titles[n], taken_on[n], actions[n], closed[n]) for n in range(1, 13))


def _issue(house: House, row: Row[Any], zone: tzinfo, language: str) -> FiledIssue:
    definition = house.processes.process(row.definition_version_id).definition
    return FiledIssue(
        number=row.number,
        subject=row.subject,
        station=row.station,
        opened=moment_words(row.opened_at, zone, language),
        closed=moment_words(row.closed_at, zone, language) if row.closed_at else None,
        resolution=words(definition.resolution_title(row.resolution), language) if row.resolution else None,
    )


def _action(house: House, row: Row[Any], key: str | None, zone: tzinfo, language: str) -> FiledAction:
    definition = house.processes.process(row.definition_version_id).definition
    step = definition.steps.get(key) if key else None
    action = step.actions.get(row.event.action) if isinstance(step, WaitingStep) else None
    return FiledAction(
        day=row.at.astimezone(zone).date(),
        when=moment_words(row.at, zone, language),
        number=row.number,
        subject=row.subject,
        step=words(step.title if step else None, language, key or ""),
        action=words(action.title if action else None, language, row.event.action),
    )
