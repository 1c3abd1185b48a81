"""My tasks, the forms of their actions, and acting."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from definitions.forms.schema import form_schema
from huying.issues.decision import Receipt
from huying.issues.deeds import act, claim, release
from huying.issues.views.choices import choices
from huying.issues.views.issue import IssueView
from huying.issues.views.task import TaskView, own_form, task_view
from huying.issues.views.tasks import TaskLine, my_tasks
from huying.publicity.review import assure_reviewed
from huying.words.moments import Due
from huying.words.values import Value
from portal.api.caller import ApiDoor, Caller, IdempotencyKey, Language, request_id
from portal.api.keys import by_key, key_of, reached
from portal.frame.bounds import Body, Number
from portal.frame.door import Door
from portal.frame.here import Here, Portal
from portal.frame.right import OWN

router = APIRouter(tags=["tasks"], dependencies=[OWN])
_READ, _ACT = (by_key(scope, bounded=True) for scope in ("issues:read", "issues:act"))


class ActionAnswer(BaseModel):
    """An action that can be taken now, and the JSON Schema of what it asks for."""

    key: str
    title: str
    form: dict[str, Any]


class TaskAnswer(BaseModel):
    """A task: the issue's facts, and what can be done; ``over`` says why nothing can be done any more, ``how`` how the deadline comes about.

    ``row``: the row of a table that it is about.
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
    actions: tuple[ActionAnswer, ...]
    over: str | None
    how: str | None
    row: tuple[Value, ...]


class AnswersBody(Body):
    """What the action's form asks for, by field."""

    fields: dict[str, Any] = Field(default_factory=dict)
    request_id: str | None = Field(default=None, max_length=64)


@router.get("/tasks", dependencies=[_READ])
def list_tasks(request: Request, here: Here, language: Language, caller: Caller) -> tuple[TaskLine, ...]:
    """What waits for the caller, the most urgent first."""
    found = my_tasks(here.house, caller, language, here.clock())
    within = reached(here.house, key_of(request), [line.issue_id for line in found])
    return tuple(line for line in found if line.issue_id in within)


@router.get("/tasks/{issue_id}/{item}", dependencies=[_READ])
def get_task(here: Here, language: Language, door: ApiDoor, item: Number) -> TaskAnswer:
    """One task with its forms."""
    return task_answer(here, language, door, item)


@router.put("/tasks/{issue_id}/{item}/claim", dependencies=[_ACT])
def claim_task(here: Here, door: ApiDoor, item: Number, idempotency_key: IdempotencyKey = None) -> Receipt:
    """Take the task for oneself."""
    return claim(here.house, door.issue_id, item, door.whose(here.clock(), request_id(idempotency_key, None)))


@router.delete("/tasks/{issue_id}/{item}/claim", dependencies=[_ACT])
def release_task(here: Here, door: ApiDoor, item: Number, idempotency_key: IdempotencyKey = None) -> Receipt:
    """Give the task back."""
    return release(here.house, door.issue_id, item, door.whose(here.clock(), request_id(idempotency_key, None)))


@router.post("/tasks/{issue_id}/{item}/{action}", dependencies=[_ACT])
def act_on_task(
    here: Here, door: ApiDoor, item: Number, action: str, body: AnswersBody, idempotency_key: IdempotencyKey = None
) -> Receipt:
    """Take an action."""
    return take(here, door, item, action, body, idempotency_key)


def take(here: Portal, door: Door, item: int, action: str, body: AnswersBody, header: str | None) -> Receipt:
    """Act with the answers of a form."""
    asked = own_form(here.house, door.issue_id, item, action, door.look("zh", here.clock()))
    assure_reviewed(here.house, door.issue_id, asked, body.fields)
    return act(
        here.house,
        door.issue_id,
        item,
        action,
        body.fields,
        door.whose(here.clock(), request_id(header, body.request_id)),
    )


def task_answer(here: Portal, language: str, door: Door, item: int) -> TaskAnswer:
    """A task with the schemas of its forms."""
    seen: TaskView = task_view(here.house, door.issue_id, item, door.look(language, here.clock()))
    known = choices(here.house, (one for action in seen.actions for one in action.fields.values()), language)
    names = [name for name in TaskAnswer.model_fields if name != "actions"]
    actions = [
        ActionAnswer(key=action.key, title=action.title, form=form_schema(action.fields, language, known))
        for action in seen.actions
    ]
    return TaskAnswer(**{name: getattr(seen, name) for name in names}, actions=tuple(actions))
