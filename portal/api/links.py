"""Links in messages, for programs: the same right as on the page, without a log-in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from huying.errors import NotFound
from huying.issues.decision import Receipt
from huying.issues.views.issue import IssueView, issue_view
from portal.api.caller import IdempotencyKey, Language
from portal.api.tasks import AnswersBody, TaskAnswer, take, task_answer
from portal.frame.door import Door, link_door
from portal.frame.here import Here
from portal.frame.right import OWN

router = APIRouter(tags=["links"], dependencies=[OWN])


ApiLink = Annotated[Door, Depends(link_door)]


@router.get("/links/{token}/issue")
def get_linked_issue(here: Here, language: Language, door: ApiLink) -> IssueView:
    """The issue as the recipient of the message may see it."""
    return issue_view(here.house, door.issue_id, door.look(language, here.clock()))


@router.get("/links/{token}")
def get_linked_task(here: Here, language: Language, door: ApiLink) -> TaskAnswer:
    """The task of the recipient, with its forms."""
    return task_answer(here, language, door, _item(door))


@router.post("/links/{token}/{action}")
def act_by_link(
    here: Here, door: ApiLink, action: str, body: AnswersBody, idempotency_key: IdempotencyKey = None
) -> Receipt:
    """Act as the recipient of the message."""
    return take(here, door, _item(door), action, body, idempotency_key)


def _item(door: Door) -> int:
    if door.item is None:
        raise NotFound("这个链接不对应任何任务。", "This link is for no task.")
    return door.item
