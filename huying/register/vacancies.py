"""Vacancies: parties behind whom nobody is any more. A person who is not in service, and a department in which nobody serves, can do no task."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, Subquery, and_, cast, exists, literal, not_, or_, select, union_all

from huying.database.tables import candidates, issues, memberships, organisations, participants, work_items

_person = (literal("participant:") + cast(participants.c.id, String)).label("party")
_department = (literal("organisation:") + cast(organisations.c.id, String)).label("party")
_serves = exists().where(
    memberships.c.organisation_id == organisations.c.id,
    participants.c.id == memberships.c.participant_id,
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
