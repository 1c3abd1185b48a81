"""My tasks: what waits for a person, or for a department of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from definitions.calendars.calendar import Calendar
from definitions.text import words
from engine import Actor
from huying.access import parties
from huying.database.tables import candidates, issues, stations, work_items
from huying.house.house import House
from huying.issues.views.task import item_title
from huying.words.moments import Due, due_seen, in_period
from huying.words.names import named

_MOST = 500


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An open task in a list."""

    issue_id: int
    item: int
    number: str
    subject: str
    station: str
    step: str
    title: str
    role: str
    due: Due | None
    claimed: bool


def _open_to(actor: Actor, participant_id: int, language: str) -> Select[*tuple[Any, ...]]:
    """The rows of open tasks that somebody may do and nobody else has taken, the most urgent first."""
    w, name = work_items.c, named(stations.c, language)
    return (
        select(
            w.issue_id, w.number.label("item"), w.step, w.role, w.kind, w.due_at, w.provisional, w.paused_at,
            w.owner_id, w.opened_at,
            issues.c.number, issues.c.subject, issues.c.definition_version_id, name.label("station"),
        )
        .join(candidates, (candidates.c.issue_id == w.issue_id) & (candidates.c.item == w.number))
        .join(issues, issues.c.id == w.issue_id)
        .join(stations, stations.c.id == issues.c.station_id)
        .where(w.status == "open", candidates.c.party.in_(actor.parties))
        .where(or_(w.owner_id.is_(None), w.owner_id == participant_id))
        .distinct()
        .order_by(w.due_at.asc().nulls_last(), w.issue_id, w.number)
    )  # fmt: skip


def my_tasks(
    house: House, participant_id: int, language: str, now: datetime, most: int = _MOST
) -> tuple[TaskLine, ...]:
    """The open tasks that this person may do and nobody else has taken, the most urgent first, at most so many."""
    with house.database.reading() as connection:
        actor = parties.actor(connection, participant_id)
        rows = connection.execute(_open_to(actor, participant_id, language).limit(most)).all()
    lines: list[TaskLine] = []
    for row in rows:
        process = house.processes.process(row.definition_version_id)
        lines.append(
            TaskLine(
                issue_id=row.issue_id,
                item=row.item,
                number=row.number,
                subject=row.subject,
                station=row.station,
                step=row.step,
                title=item_title(
                    row.kind, words(process.definition.steps[row.step].title, language, row.step), language
                ),
                role=words(process.definition.role_title(row.role), language, row.role),
                due=_due(row, process.calendar, now, language),
                claimed=row.owner_id is not None,
            )
        )
    return tuple(lines)


def number_of_tasks(house: House, actor: Actor, participant_id: int) -> int:
    """How many open tasks this person may do and nobody else has taken."""
    with house.database.reading() as connection:
        tasks = _open_to(actor, participant_id, "zh").order_by(None).subquery()
        return int(connection.execute(select(func.count()).select_from(tasks)).scalar_one())


def _due(row: Row[*tuple[Any, ...]], calendar: Calendar, now: datetime, language: str) -> Due | None:
    if row.due_at is None:
        return None
    seen = due_seen(row.due_at, calendar, now, language, provisional=row.provisional, paused_at=row.paused_at)
    return in_period(seen, row.opened_at, calendar, now, language)
