"""Who goes on with single tasks of somebody who leaves: who can be chosen, and what was chosen, kept until the day on which they leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from definitions.model.reference import participant
from engine.event import Successor
from huying.database.tables import issues, memberships, participants, successors
from huying.database.tenure import serving
from huying.house.by import By


class TaskOf(NamedTuple):
    """A task of an issue."""

    issue: int
    item: int


class Colleague(NamedTuple):
    """Somebody who can be chosen."""

    id: int
    name: str


#: Who goes on with which task, by the number of the participant.
Chosen = Mapping[TaskOf, int]


def colleagues(connection: Connection, issue: int, leaver: int, leaving: Collection[int], day: date) -> list[Colleague]:
    """Who can go on: whoever serves, as the connection believes it, at the issue's station or where the one who leaves has served to the last."""
    m = memberships.c
    last = or_(m.until.is_(None), m.until >= day - timedelta(days=1))
    places = connection.execute(select(m.station_id, m.organisation_id).where(m.participant_id == leaver, last)).all()
    at = connection.execute(select(issues.c.station_id).where(issues.c.id == issue)).scalar_one()
    stations = {at, *(row.station_id for row in places)} - {None}
    departments = {row.organisation_id for row in places} - {None}
    query = (
        select(participants.c.id, participants.c.name)
        .join(serving, serving.c.participant_id == participants.c.id)
        .where(
            or_(serving.c.station_id.in_(stations), serving.c.organisation_id.in_(departments)),
            participants.c.active,
            participants.c.id.not_in([leaver, *leaving]),
        )
        .distinct()
        .order_by(participants.c.name, participants.c.id)
    )
    return [Colleague(*row) for row in connection.execute(query)]


def of_issue(chosen: Chosen, issue: int) -> tuple[Successor, ...]:
    """What of it an issue is told."""
    return tuple(Successor(task.item, participant(person)) for task, person in chosen.items() if task.issue == issue)


def keep_chosen(
    connection: Connection, chosen: Mapping[TaskOf, tuple[int, int]], leaving: Sequence[int], by: By
) -> None:
    """Keep until the day comes who goes on with what (leaver, successor), instead of whatever was chosen for those who leave before."""
    connection.execute(delete(successors).where(successors.c.leaver_id.in_(leaving)))
    for task, (leaver, successor) in chosen.items():
        row = {"issue_id": task.issue, "item": task.item, "leaver_id": leaver, "participant_id": successor}
        connection.execute(delete(successors).where(_is(task)))
        connection.execute(insert(successors).values(**row, by_id=by.person, made_at=by.now))


def _is(task: TaskOf) -> ColumnElement[bool]:
    return and_(successors.c.issue_id == task.issue, successors.c.item == task.item)


def kept(connection: Connection, issue: int, leaver: int) -> tuple[Successor, ...]:
    """Who was chosen for the tasks of somebody in an issue."""
    s = successors.c
    query = select(s.item, s.participant_id).where(s.issue_id == issue, s.leaver_id == leaver).order_by(s.item)
    return tuple(Successor(item, participant(person)) for item, person in connection.execute(query))


def handed_over(connection: Connection, issue: int, leaver: int) -> None:
    """Know no more of it: the issue has followed."""
    s = successors.c
    connection.execute(delete(successors).where(s.issue_id == issue, s.leaver_id == leaver))
