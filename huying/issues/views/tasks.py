"""My tasks: what waits for a person, or for a department of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from definitions.calendars.calendar import Calendar
from definitions.text import words
from engine import Actor, State
from engine.rules.exclusion import may_not
from huying.access import parties
from huying.database.tables import candidates, issues, stations, work_items
from huying.house.house import House
from huying.issues.views.task import item_title
from huying.words.moments import Due, due_seen, in_period
from huying.words.names import named
from huying.words.titles import step_words

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
        states = _states(house, connection, rows)
    lines: list[TaskLine] = []
    for row in rows:
        process, state = house.processes.process(row.definition_version_id), states.get(row.issue_id)
        if _recused(house, row, state, actor):
            continue
        item = state.item(row.item) if state else None
        lines.append(
            TaskLine(
                issue_id=row.issue_id,
                item=row.item,
                number=row.number,
                subject=row.subject,
                station=row.station,
                step=row.step,
                title=item_title(
                    row.kind,
                    step_words(process.definition, state, (item,) if item else (), row.step, language),
                    language,
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
        query = _open_to(actor, participant_id, "zh").order_by(None)
        tasks = query.subquery()
        versions = tasks.c.definition_version_id
        counts = connection.execute(select(versions, func.count()).group_by(versions)).all()
        # of most processes nobody is kept from anything
        asking = [key for key, _ in counts if house.processes.process(key).definition.excludes]
        rows = connection.execute(query.where(issues.c.definition_version_id.in_(asking))).all() if asking else []
        states = _states(house, connection, rows)
    recused = sum(_recused(house, row, states.get(row.issue_id), actor) for row in rows)
    return sum(int(count) for _, count in counts) - recused


def _recused(house: House, row: Row[Any], state: State | None, actor: Actor) -> bool:
    """Whether somebody must leave a task of their department to colleagues."""
    item = state.item(row.item) if state else None
    definition = house.processes.process(row.definition_version_id).definition
    return state is not None and item is not None and may_not(definition, state, item, actor)


def _states(house: House, connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, State]:
    """The states of those issues that have to be asked: who must leave a task to others, and which row it is about."""
    asked = set()
    for row in rows:
        definition = house.processes.process(row.definition_version_id).definition
        if definition.excludes or definition.steps[row.step].row_of:
            asked.add(row.issue_id)
    if not asked:
        return {}
    query = select(issues.c.id, issues.c.state).where(issues.c.id.in_(asked))
    return {int(key): state for key, state in connection.execute(query)}


def _due(row: Row[*tuple[Any, ...]], calendar: Calendar, now: datetime, language: str) -> Due | None:
    if row.due_at is None:
        return None
    seen = due_seen(row.due_at, calendar, now, language, provisional=row.provisional, paused_at=row.paused_at)
    return in_period(seen, row.opened_at, calendar, now, language)
