"""One task as the person who has it sees it: the facts, and what can be done now with its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from definitions.field import Field
from definitions.text import words
from engine import Possible, available
from engine.refusal import NotAllowed
from engine.state import WorkItem
from huying import parties
from huying.errors import NotFound
from huying.house import House
from huying.locale import translations
from huying.tables import history, work_items
from huying.views.issue import IssueView, issue_view
from huying.views.moments import Due, due_words, moment_words
from huying.views.people import people
from huying.views.record import Record, record
from huying.views.sight import Viewer, viewer


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action that can be taken now, and what it asks for."""

    key: str
    title: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class TaskView:
    """Everything that the page of a task shows; ``over`` says why nothing can be done any more."""

    issue: IssueView
    item: int
    step: str
    title: str
    help: str
    role: str
    due: Due | None
    owner: str | None
    can_claim: bool
    can_release: bool
    actions: tuple[ActionForm, ...]
    over: str | None


def task_view(
    house: House, issue_id: int, item: int, participant_id: int, language: str, now: datetime, *, by_code: bool = False
) -> TaskView:
    """The task of this person; ``NotFound`` for what they may not see, ``NotAllowed`` for a task of somebody else."""
    seen = issue_view(house, issue_id, participant_id, language, now, by_code=by_code)
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        person = viewer(connection, participant_id)
        row = connection.execute(
            select(work_items).where(work_items.c.issue_id == issue_id, work_items.c.number == item)
        ).one_or_none()
        if row is None:
            raise NotFound("没有这项任务。", "There is no such task.")
        mine = next(
            (one for one in available(found.process, found.state, person.actor) if one.item.number == item), None
        )
        over = None if mine else _why_over(connection, found, person, item, language)
    step = found.definition.steps[row.step]
    zone = found.process.calendar.zone
    visit = found.state.visit(row.visit)
    due = (
        due_words(row.due_at, zone, now, language, provisional=bool(visit and visit.provisional))
        if row.due_at
        else None
    )
    return TaskView(
        issue=seen,
        item=item,
        step=row.step,
        title=words(step.title, language, row.step),
        help=words(step.help, language),
        role=words(found.definition.role_title(row.role), language, row.role),
        due=due if mine else None,
        owner=person.name if mine and mine.item.owner else None,
        can_claim=bool(mine and mine.item.owner is None and _shared(house, mine.item)),
        can_release=bool(mine and mine.item.owner is not None),
        actions=_forms(mine, language) if mine else (),
        over=over,
    )


def _forms(possible: Possible, language: str) -> tuple[ActionForm, ...]:
    return tuple(
        ActionForm(key, words(action.title, language, key), action.ask) for key, action in possible.actions.items()
    )


def _shared(house: House, item: WorkItem) -> bool:
    """Whether several persons could do it: only then it makes sense to take it for oneself."""
    if len(item.candidates) > 1:
        return True
    with house.database.reading() as connection:
        return any(len(parties.people(connection, party)) > 1 for party in item.candidates)


def _why_over(connection: Connection, found: Record, person: Viewer, number: int, language: str) -> str:
    """Why this person cannot act: somebody has done it, somebody has taken it, or the issue moved on."""
    _ = translations(language).gettext
    item = found.state.item(number)
    if item is not None and not item.done and found.state.status == "open":
        if person.actor.parties.isdisjoint(item.candidates):
            raise NotAllowed
        owner = people(connection, {item.owner or ""} - {""}, language).name(item.owner or "")
        return _("%(name)s has taken on this task.") % {"name": owner}
    query = (
        select(history.c.actor_id, history.c.at, history.c.event)
        .join(work_items, (work_items.c.issue_id == history.c.issue_id) & (work_items.c.ended_at == history.c.at))
        .where(work_items.c.issue_id == found.id, work_items.c.number == number, work_items.c.status == "done")
        .where(history.c.kind == "act")
    )
    row = next((row for row in connection.execute(query) if row.event["item"] == number), None)
    if row is None or row.actor_id is None:
        return _("The issue has moved on; nothing is left to do here.")
    if row.actor_id == person.participant_id:
        when = moment_words(row.at, found.process.calendar.zone, language)
        return _("You did this task on %(when)s.") % {"when": when}
    name = people(connection, {parties.participant(row.actor_id)}, language).name(parties.participant(row.actor_id))
    when = moment_words(row.at, found.process.calendar.zone, language)
    return _("%(name)s did this task on %(when)s.") % {"name": name, "when": when}
