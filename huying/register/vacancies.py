"""Vacancies: parties behind whom nobody is any more, and places that people have left while they stay in service.

A person who is not in service, and a department in which nobody serves, can do no task. What somebody has left is seen by what the register
says now against what it said when issues last followed it, so it makes no difference by whose hand, and how long ago, it was changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    String,
    Subquery,
    and_,
    cast,
    delete,
    exists,
    insert,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from definitions.model.reference import participant
from huying.database.tables import (
    candidates,
    issues,
    noticed_memberships,
    organisations,
    participants,
    work_items,
)
from huying.database.tenure import serving

_person = (literal("participant:") + cast(participants.c.id, String)).label("party")
_department = (literal("organisation:") + cast(organisations.c.id, String)).label("party")
_serves = exists().where(
    serving.c.organisation_id == organisations.c.id,
    participants.c.id == serving.c.participant_id,
    participants.c.active,
)


def vacant() -> Subquery:
    """The parties, in a column ``party``: of the register as it is now, however it came to be so."""
    gone = select(_person).where(not_(participants.c.active))
    emptied = select(_department).where(
        organisations.c.kind == "department", or_(not_(organisations.c.active), not_(_serves))
    )
    return union_all(gone, emptied).subquery()


def affected(limit: int) -> Select[Any]:
    """Open issues (by id) in which such a party still has a task or a claim, or answers, each with the party."""
    gone = vacant()
    asked = select(candidates.c.issue_id, candidates.c.party).where(candidates.c.party.in_(select(gone.c.party)))
    claimed = (
        select(work_items.c.issue_id, _person)
        .join(participants, participants.c.id == work_items.c.owner_id)
        .where(and_(work_items.c.status == "open", not_(participants.c.active)))
    )
    answering = (
        select(issues.c.id, _person)
        .join(participants, participants.c.id == issues.c.answerable_id)
        .where(and_(issues.c.status == "open", not_(participants.c.active)))
    )
    every = union_all(asked, claimed, answering).subquery()
    issue_id, party = every.c
    return select(issue_id, party).distinct().order_by(issue_id, party).limit(limit)


_PLACE = ("participant_id", "station_id", "organisation_id", "function", "level")


def _unlike(table: FromClause, other: FromClause) -> ColumnElement[bool]:
    """That a membership of one table is not in the other."""
    same = and_(*(table.c[name].is_not_distinct_from(other.c[name]) for name in _PLACE))
    return not_(exists().where(same).correlate(table))


def left(limit: int | None = None) -> Select[Any]:
    """What people have left: the ``id`` under which it was noticed, and the ``participant_id``."""
    t = noticed_memberships.c
    return select(t.id, t.participant_id).where(_unlike(noticed_memberships, serving)).order_by(t.id).limit(limit)


def unnoticed(limit: int | None = None) -> Select[Any]:
    """Memberships that were not noticed yet."""
    columns = [serving.c[name] for name in _PLACE]
    return select(*columns).where(_unlike(serving, noticed_memberships)).distinct().limit(limit)


def notice(connection: Connection) -> None:
    """Know who serves where by now."""
    connection.execute(insert(noticed_memberships).from_select(_PLACE, unnoticed()))


def forget(connection: Connection, noticed: Collection[int]) -> None:
    """Know no more of what was left: the issues have followed."""
    connection.execute(delete(noticed_memberships).where(noticed_memberships.c.id.in_(noticed)))


def about(connection: Connection, person: int) -> Sequence[Row[Any]]:
    """Open issues (by id) in which somebody may hold, claim or answer something: all in whose state they are named."""
    named = cast(issues.c.state, String).contains(f'"{participant(person)}"', autoescape=True)
    return connection.execute(select(issues.c.id).where(issues.c.status == "open", named).order_by(issues.c.id)).all()
