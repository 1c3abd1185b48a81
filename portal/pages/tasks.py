"""Tasks: my list, the page of a task with the forms of its actions, and acting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from definitions.model.field import Field
from engine.refusal import Invalid
from huying.issues.deeds import act, claim, release
from huying.issues.views.choices import choices
from huying.issues.views.suggestion import suggested
from huying.issues.views.task import TaskView, own_form, task_view
from huying.issues.views.tasks import task_list
from huying.publicity.review import assure_reviewed, reviewed_fields
from huying.register.view import to_whom
from huying.words.private_text import private_parts
from huying.workbench.attention import looked_at
from portal.frame.bounds import Number
from portal.frame.door import Door, IssueDoor
from portal.frame.network import on_this_machine
from portal.frame.private_text import assure_told, mark_of
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[OWN])


@dataclass(frozen=True, slots=True)
class Tried:
    """An action whose form had errors: what was entered, and the messages by field; ``told``: of which private texts."""

    action: str | None = None
    entered: Mapping[str, Any] | None = None
    errors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    told: str = ""


NOTHING_TRIED = Tried()


@router.get("/tasks")
def tasks(at: SignedIn, after: str = "") -> Response:
    """What waits for this person, page by page."""
    found = task_list(at.house, at.somebody.participant_id, after[:40], at.language, at.now)
    return at.page(
        "tasks.html",
        found=found,
        after=after,
        mailbox=at.here.config.mailbox is not None and on_this_machine(at.request),
    )


@router.get("/tasks/{issue_id}/{item}")
def task(at: Received, door: IssueDoor, item: Number, done: bool = False) -> Response:
    """One task."""
    answer = task_page(at, door, item, done=done)
    if door.by == "session":
        looked_at(at.house, door.issue_id, door.participant_id)
    return answer


@router.post("/tasks/{issue_id}/{item}/act/{action}")
def act_on_task(at: Received, form: Submitted, door: IssueDoor, item: Number, action: str) -> Response:
    """Take an action."""
    return take(at, door, item, action, form)


@router.post("/tasks/{issue_id}/{item}/claim")
def claim_task(at: Received, form: Submitted, door: IssueDoor, item: Number) -> Response:
    """Take the task for oneself."""
    return hold(at, door, item, form, taken=True)


@router.post("/tasks/{issue_id}/{item}/release")
def release_task(at: Received, form: Submitted, door: IssueDoor, item: Number) -> Response:
    """Give the task back."""
    return hold(at, door, item, form, taken=False)


def task_page(
    at: Reception,
    door: Door,
    item: int,
    *,
    done: bool = False,
    tried: Tried = NOTHING_TRIED,
) -> Response:
    """The page of a task, for whichever door leads there."""
    language = at.language
    seen = task_view(at.house, door.issue_id, item, door.look(language, at.now))
    return at.page(
        "task.html",
        422 if tried.errors else 200,
        task=seen,
        issue=seen.issue,
        door=door,
        names=_names(at, door, seen, tried),
        reviews=_reviews(at, door, seen),
        done=done,
        tried=tried.action,
        entered=tried.entered or {},
        errors=tried.errors,
        told=tried.told,
        back=door.task(item),
        colleagues=_colleagues(at, door) if seen.handings else {},
    )


def _names(at: Reception, door: Door, seen: TaskView, tried: Tried) -> Mapping[str, str]:
    """What can be chosen, what is most likely first."""
    asked = _asked(seen)
    names = choices(at.house, asked, at.language, entered=tried.entered)
    return suggested(at.house, door.issue_id, asked, names, at.language, at.now)


def _reviews(at: Reception, door: Door, seen: TaskView) -> Mapping[str, str]:
    """Where the forms are looked through whose texts become public, by action; they have a page of their own."""
    if door.by != "session":
        return {}
    definition = at.house.processes.process(seen.issue.definition_version_id).definition
    return {
        action.key: f"{door.task(seen.item)}/review/{action.key}"
        for action in seen.actions
        if reviewed_fields(definition, action.fields) is not None
    }


def _colleagues(at: Reception, door: Door) -> Mapping[str, str]:
    """To whom one can turn; whoever has shown only number and code is told no names."""
    return {} if door.by_code else to_whom(at.house, door.issue_id, door.participant_id, at.language)


def _asked(seen: TaskView) -> tuple[Field, ...]:
    return tuple(asked for action in seen.actions for asked in action.fields.values())


def take(at: Reception, door: Door, item: int, action: str, form: Submission) -> Response:
    """Act with the answers of a form; with errors, the form again with all that was entered."""
    form = with_files(at, door, item, action, form)
    try:
        if form.faults:
            raise Invalid(form.faults)
        if any(any(private_parts(value)) for value in form.fields.values() if isinstance(value, str)):
            assure_told(form, asked_by_action(at, door, item, action))
        asked = own_form(at.house, door.issue_id, item, action, door.look(at.language, at.now))
        assure_reviewed(at.house, door.issue_id, asked, form.fields)
        act(at.house, door.issue_id, item, action, form.fields, door.whose(at.now, form.request_id))
    except Invalid as wrong:
        return task_page(
            at, door, item, tried=Tried(action, form.fields, wrong.errors, mark_of(wrong) or form.entry("told"))
        )
    return at.go(f"{door.task(item)}?done=1")


def with_files(at: Reception, door: Door, item: int, action: str, form: Submission) -> Submission:
    """The same form with the files of the action's fields kept; of whoever may not see the task nothing is."""
    if not form.pending:
        return form
    return form.with_files(at.house.store, asked_by_action(at, door, item, action), door.whose(at.now).person)


def asked_by_action(at: Reception, door: Door, item: int, action: str) -> Mapping[str, Field]:
    """The fields of an action's form, as far as it can be taken now."""
    seen = task_view(at.house, door.issue_id, item, door.look(at.language, at.now))
    return next((one.fields for one in seen.actions if one.key == action), {})


def hold(at: Reception, door: Door, item: int, form: Submission, *, taken: bool) -> Response:
    """Claim or release."""
    change = claim if taken else release
    change(at.house, door.issue_id, item, door.whose(at.now, form.request_id))
    return at.go(door.task(item))
