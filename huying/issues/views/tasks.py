"""My tasks: what waits for a person, or for a department of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

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
#: So many stand on a page.
PAGE = 50


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


@dataclass(frozen=True, slots=True)
class TaskList:
    """A page of somebody's tasks, the most urgent first; ``after`` names the place from which more follow, ``all`` counts those of all pages."""

    lines: tuple[TaskLine, ...]
    after: str | None
    all: int


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
    return _lines(house, rows, states, actor, (language, now))


def task_list(house: House, participant_id: int, after: str, language: str, now: datetime) -> TaskList:
    """A page of the same, from a place on that an earlier page named; a place that nobody named is the beginning."""
    with house.database.reading() as connection:
        actor = parties.actor(connection, participant_id)
        query = _open_to(actor, participant_id, language)
        if (beyond := _beyond(connection, after)) is not None:
            query = query.where(beyond)
        found = connection.execute(query.limit(PAGE + 1)).all()
        rows = found[:PAGE]
        states = _states(house, connection, rows)
    lines = _lines(house, rows, states, actor, (language, now))
    place = f"{rows[-1].issue_id}.{rows[-1].item}" if len(found) > PAGE else None
    return TaskList(lines, place, number_of_tasks(house, actor, participant_id))


def _beyond(connection: Connection, after: str) -> ColumnElement[bool] | None:
    """What comes after a task in the order of the list."""
    issue_id, _, item = after.partition(".")
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in (issue_id, item)):
        return None
    w, issue, number = work_items.c, int(issue_id), int(item)
    row = connection.execute(select(w.due_at).where(w.issue_id == issue, w.number == number)).one_or_none()
    if row is None:
        return None
    later = or_(w.issue_id > issue, and_(w.issue_id == issue, w.number > number))
    if row.due_at is None:
        return and_(w.due_at.is_(None), later)
    return or_(w.due_at > row.due_at, w.due_at.is_(None), and_(w.due_at == row.due_at, later))


def _lines(
    house: House, rows: Sequence[Row[Any]], states: dict[int, State], actor: Actor, read: tuple[str, datetime]
) -> tuple[TaskLine, ...]:
    """Rows in words; ``read``: in which language and when."""
    language, now = read
    lines: list[TaskLine] = []
    for row in rows:
        process, state = house.processes.process(row.definition_version_id), states.get(row.issue_id)
        if _recused(house, row, state, actor):
            continue
        item = state.item(row.item) if state else None
        step = step_words(process.definition, state, (item,) if item else (), row.step, language)
        lines.append(
            TaskLine(
                issue_id=row.issue_id,
                item=row.item,
                number=row.number,
                subject=row.subject,
                station=row.station,
                step=row.step,
                title=item_title(row.kind, step, language),
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
