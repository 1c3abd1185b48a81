"""One task as the person who has it sees it: the facts, and what can be done now with its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.model.duration import Duration, unit_words
from definitions.model.field import Field
from definitions.model.reference import participant
from definitions.model.step import WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.text import words
from engine import Possible, available
from engine.available import handings
from engine.refusal import NotAllowed, Recused
from engine.rules.actions import form_of
from engine.rules.exclusion import may_not
from engine.rules.rows import row_of
from engine.state import Visit, WorkItem
from huying.access import parties
from huying.access.viewer import Look, Viewer, viewer
from huying.database.tables import history, work_items
from huying.errors import NotFound
from huying.house.house import House
from huying.issues.form_drafts import FormDraft, draft_of
from huying.issues.record import Record, brought_up_to_date, record, step_of
from huying.issues.views.cause import Cause, Contact, cause_of, contacts_of
from huying.issues.views.issue import IssueView, issue_view
from huying.issues.views.people import people
from huying.locale import translations
from huying.register.directory import RegisterDirectory
from huying.words.clocks import Clock, clock
from huying.words.moments import Due, date_words, moment_words
from huying.words.values import Value, references_in, values_in_words


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action that can be taken now, and what it asks for; ``entered`` is what stands there already: the issue's own values, or a ``draft``."""

    key: str
    title: str
    fields: Mapping[str, Field]
    entered: Mapping[str, Any] = field(default_factory=dict)
    draft: bool = False


@dataclass(frozen=True, slots=True)
class TaskView:
    """Everything that the page of a task shows; ``over`` says why nothing can be done any more, ``how`` how the deadline comes about.

    ``cause`` says why it has come, ``spent`` how much of its time has passed (percent), ``people`` who else has to do with it.
    """

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
    kind: str = "task"
    question: str | None = None
    handings: tuple[str, ...] = ()
    delegated: str | None = None
    wish: str | None = None
    visit: int = 0
    extension: Duration | None = None
    extension_unit: str = ""
    shelving: Duration | None = None
    approved: bool = False
    how: str | None = None
    row: tuple[Value, ...] = ()
    cause: Cause | None = None
    people: tuple[Contact, ...] = ()
    spent: int | None = None


def task_view(house: House, issue_id: int, item: int, look: Look) -> TaskView:
    """The task of this person; ``NotFound`` for what they may not see, ``NotAllowed`` for a task of somebody else."""
    language, now = look.language, look.now
    seen = issue_view(house, issue_id, look)
    with house.database.reading() as connection:
        found = brought_up_to_date(house, connection, record(house, connection, issue_id, language), now)
        person = viewer(connection, look.person)
        row = _row(connection, issue_id, item)
        mine = _mine(found, item, person, now)
        open_item = found.state.item(item)
        directory = RegisterDirectory(connection, found.process.calendar, now, files=house.store, issue=found.id)
        possible = handings(found.process, found.state, open_item, person.actor, now, directory) if open_item else ()
        gone = None if mine or possible else _why_over(connection, found, person, item, language)
        draft = draft_of(connection, issue_id, item, look.person) if mine else None
        delegated = _delegated(connection, open_item, language)
        step = step_of(connection, found, row.step)
        around = _around(connection, house, found, seen, row, language)
    role = words(found.definition.role_title(row.role), language, row.role)
    seen_clock = _clock(found, open_item, found.state.visit(row.visit), role, look)
    return TaskView(
        issue=seen,
        item=item,
        step=row.step,
        title=item_title(row.kind, words(step.title, language, row.step), language),
        help=words(step.help, language) if row.kind == "task" else "",
        role=role,
        **_due(seen_clock if mine else None, now),
        owner=person.name if mine and mine.item.owner else None,
        can_claim=bool(mine and mine.item.owner is None and _shared(house, mine.item)),
        can_release=bool(mine and mine.item.owner is not None),
        actions=_forms(found, mine, draft, language) if mine else (),
        over=_concerned(found, person, open_item, language) or gone,
        kind=row.kind,
        handings=possible,
        delegated=delegated,
        **_asked(open_item, language),
        visit=row.visit,
        **around,
        **_allowances(step, language),
    )


def own_form(house: House, issue_id: int, item: int, action: str, look: Look) -> Mapping[str, Field]:
    """What an action asks for that this person can take now; nothing of one that is not theirs, which the kernel refuses."""
    with house.database.reading() as connection:
        found = brought_up_to_date(house, connection, record(house, connection, issue_id, look.language), look.now)
        mine = _mine(found, item, viewer(connection, look.person), look.now)
    asked = mine.actions.get(action) if mine else None
    return form_of(found.definition.fields, asked) if asked is not None else {}


def _due(seen: Clock | None, now: datetime) -> dict[str, Any]:
    """When it is due, how that comes about, and how much of the time has passed."""
    return {"due": seen.due, "how": seen.how, "spent": seen.due.spent(now)} if seen else {"due": None, "how": None}


def _around(
    connection: Connection, house: House, found: Record, seen: IssueView, row: Row[Any], language: str
) -> dict[str, Any]:
    """What stands beside the decision: the row it is about, why it has come, and the people."""
    item = found.state.item(row.number)
    known = {value.name: value.text for value in seen.values}
    return {
        "row": _row_in_words(connection, house, found, item, language) if item else (),
        "cause": cause_of(connection, found.id, seen.timeline, row),
        "people": contacts_of(connection, found, seen.reporter, known, language) if seen.inside else (),
    }


def _asked(item: WorkItem | None, language: str) -> dict[str, Any]:
    """What somebody was asked, or wishes to be allowed."""
    return {"question": item.text, "wish": wish_words(item, language)} if item else {}


def _row_in_words(
    connection: Connection, house: House, found: Record, item: WorkItem, language: str
) -> tuple[Value, ...]:
    """The row of a table that a task is about, as whoever has the task may read it."""
    step = found.definition.steps[item.step]
    cells, table = row_of(found.state, step, item), found.definition.data.get(step.row_of or "")
    if cells is None or table is None:
        return ()
    names = people(connection, references_in(table.columns, cells), language, house.store).names
    return values_in_words(table.columns, cells, names, language, private=True)


def _concerned(found: Record, person: Viewer, item: WorkItem | None, language: str) -> str | None:
    """That this person must leave the task to others, in words."""
    if item is None or not may_not(found.definition, found.state, item, person.actor):
        return None
    return words(Recused().message, language)


def _clock(found: Record, item: WorkItem | None, visit: Visit | None, role: str, look: Look) -> Clock | None:
    """When the task is due: by its own deadline, else by its step's."""
    deadline = (item.deadline if item else None) or (visit.deadline if visit else None)
    paused = visit.paused_at if visit and not (item and item.runs_alone) else None
    return clock(role, deadline, paused, found.process.calendar, look.now, look.language)


def _delegated(connection: Connection, item: WorkItem | None, language: str) -> str | None:
    delegate = item.delegate if item else None
    return people(connection, {delegate}, language).name(delegate) if delegate else None


def _mine(found: Record, item: int, person: Viewer, now: datetime) -> Possible | None:
    """What this person can do with the task, if anything."""
    ready = available(found.process, found.state, person.actor, now)
    return next((one for one in ready if one.item.number == item), None)


def _row(connection: Connection, issue_id: int, item: int) -> Row[Any]:
    query = select(work_items).where(work_items.c.issue_id == issue_id, work_items.c.number == item)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有这项任务。", "There is no such task.")
    return row


def item_title(kind: str, step: str, language: str) -> str:
    """What an item is called: its step, or what was asked at it."""
    _ = translations(language).gettext
    asked = {
        "question": _("Please answer a question"),
        "consult": _("Your opinion is asked for"),
        "sign": _("Your signature is asked for"),
        "extension": _("More time is asked for"),
        "shelving": _("It is asked to lay this aside"),
    }
    return f"{asked[kind]} · {step}" if kind in asked else step


def _allowances(step: AnyStep, language: str) -> dict[str, Any]:
    """How much more time may be asked for, and for how long the matter may be laid aside."""
    if not isinstance(step, WaitingStep):
        return {}
    most = step.extend.by if step.extend else None
    return {
        "extension": most,
        "extension_unit": unit_words(most.unit, language) if most else "",
        "shelving": step.shelve.for_ if step.shelve else None,
        "approved": bool(step.extend and step.extend.approved_by),
    }


def wish_words(item: WorkItem, language: str) -> str | None:
    """How much more time is asked for, or until when the matter is to be laid aside."""
    if item.wish is None:
        return None
    if item.kind == "extension":
        return Duration.parse(item.wish).words(language)
    return date_words(date.fromisoformat(item.wish), language)


def _forms(found: Record, possible: Possible, draft: FormDraft | None, language: str) -> tuple[ActionForm, ...]:
    data = found.state.data
    return tuple(
        ActionForm(
            key,
            words(action.title, language, key),
            form_of(found.definition.fields, action),
            draft.entered if draft and draft.action == key else {name: data.get(name) for name in action.edit},
            draft=draft is not None and draft.action == key,
        )
        for key, action in possible.actions.items()
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
        if person.actor.parties.isdisjoint((*item.candidates, item.delegate, item.offered)):
            raise NotAllowed
        if found.state.suspended:
            return _("This issue is suspended; nothing can be done for now.")
        if item.waiting:
            return _("Others come first; you will be told when it is your turn.")
        owner = people(connection, {item.owner or ""} - {""}, language).name(item.owner or "")
        return _("%(name)s has taken on this task.") % {"name": owner}
    query = (
        select(history.c.actor_id, history.c.at, history.c.event)
        .join(work_items, (work_items.c.issue_id == history.c.issue_id) & (work_items.c.ended_at == history.c.at))
        .where(work_items.c.issue_id == found.id, work_items.c.number == number, work_items.c.status == "done")
        .where(history.c.kind == "act")
    )
    row = next((row for row in connection.execute(query) if row.event.item == number), None)
    if row is None or row.actor_id is None:
        return _("The issue has moved on; nothing is left to do here.")
    if row.actor_id == person.participant_id:
        when = moment_words(row.at, found.process.calendar.zone, language)
        return _("You did this task on %(when)s.") % {"when": when}
    name = people(connection, {participant(row.actor_id)}, language).name(participant(row.actor_id))
    when = moment_words(row.at, found.process.calendar.zone, language)
    return _("%(name)s did this task on %(when)s.") % {"name": name, "when": when}
