"""Tasks: my list, the page of a task with the forms of its actions, and acting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from definitions.model.field import Field
from engine.refusal import Invalid
from huying.issues.deeds import act, claim, release
from huying.issues.views.choices import choices
from huying.issues.views.task import TaskView, task_view
from huying.issues.views.tasks import my_tasks
from huying.register.view import to_whom
from portal.frame.bounds import Number
from portal.frame.door import Door, IssueDoor
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, Reading, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@router.get("/tasks")
def tasks(request: Request, here: Here, reading: SignedIn) -> Response:
    """What waits for this person."""
    lines = my_tasks(here.house, person_of(reading).participant_id, reading.language, here.clock())
    return page(request, reading, "tasks.html", tasks=lines, mailbox=here.config.mailbox is not None)


@router.get("/tasks/{issue_id}/{item}")
def task(request: Request, here: Here, reading: Reading, door: IssueDoor, item: Number, done: bool = False) -> Response:
    """One task."""
    return task_page(request, here, reading, door, item, done=done)


@router.post("/tasks/{issue_id}/{item}/act/{action}")
def act_on_task(
    request: Request, form: Submitted, here: Here, reading: Reading, door: IssueDoor, item: Number, action: str
) -> Response:
    """Take an action."""
    return take(request, here, reading, door, item, action, form)


@router.post("/tasks/{issue_id}/{item}/claim")
def claim_task(
    request: Request, form: Submitted, here: Here, reading: Reading, door: IssueDoor, item: Number
) -> Response:
    """Take the task for oneself."""
    return hold(request, here, reading, door, item, form, taken=True)


@router.post("/tasks/{issue_id}/{item}/release")
def release_task(
    request: Request, form: Submitted, here: Here, reading: Reading, door: IssueDoor, item: Number
) -> Response:
    """Give the task back."""
    return hold(request, here, reading, door, item, form, taken=False)


def task_page(
    request: Request,
    here: Portal,
    reading: Reader,
    door: Door,
    item: int,
    *,
    done: bool = False,
    tried: str | None = None,
    entered: Mapping[str, Any] | None = None,
    errors: Mapping[str, Mapping[str, str]] | None = None,
) -> Response:
    """The page of a task, for whichever door leads there; ``tried`` is the action whose form had errors."""
    language = reading.language
    seen = task_view(here.house, door.issue_id, item, door.participant_id, language, here.clock(), by_code=door.by_code)
    return page(
        request,
        reading,
        "task.html",
        422 if errors else 200,
        task=seen,
        issue=seen.issue,
        door=door,
        names=choices(here.house, _asked(seen), language, entered=entered),
        done=done,
        tried=tried,
        entered=entered or {},
        errors=errors or {},
        back=door.task(item),
        colleagues=to_whom(here.house, door.issue_id, door.participant_id, language) if seen.handings else {},
    )


def _asked(seen: TaskView) -> tuple[Field, ...]:
    return tuple(field for action in seen.actions for field in action.fields.values())


def take(
    request: Request, here: Portal, reading: Reader, door: Door, item: int, action: str, form: Submission
) -> Response:
    """Act with the answers of a form; with errors, the form again with all that was entered."""
    try:
        if form.faults:
            raise Invalid(form.faults)
        act(
            here.house,
            door.issue_id,
            item,
            action,
            form.fields,
            actor_id=door.participant_id,
            request_id=form.request_id,
            now=here.clock(),
        )
    except Invalid as wrong:
        return task_page(request, here, reading, door, item, tried=action, entered=form.fields, errors=wrong.errors)
    return go(request, reading, f"{door.task(item)}?done=1")


def hold(
    request: Request, here: Portal, reading: Reader, door: Door, item: int, form: Submission, *, taken: bool
) -> Response:
    """Claim or release."""
    change = claim if taken else release
    change(
        here.house,
        door.issue_id,
        item,
        actor_id=door.participant_id,
        request_id=form.request_id,
        now=here.clock(),
    )
    return go(request, reading, door.task(item))
