"""What a resident says to somebody who notes it: the pages of their issue as they would see them, and every deed theirs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from portal.frame.bounds import Number
from portal.frame.door import VoiceDoor
from portal.frame.reception import Received
from portal.frame.right import OWN
from portal.frame.submission import Submitted
from portal.pages.events import let
from portal.pages.issues import hand_in, issue_page, say
from portal.pages.tasks import take, task_page

router = APIRouter(dependencies=[OWN])


@router.get("/said/{way}/{issue_id}")
def hear(at: Received, door: VoiceDoor) -> Response:
    """The issue, and what its reporter can do with it."""
    return issue_page(at, door)


@router.get("/said/{way}/{issue_id}/{item}")
def hear_of_task(at: Received, door: VoiceDoor, item: Number, done: bool = False) -> Response:
    """A task of the reporter."""
    return task_page(at, door, item, done=done)


@router.post("/said/{way}/{issue_id}/{item}/act/{action}")
def note_act(at: Received, form: Submitted, door: VoiceDoor, item: Number, action: str) -> Response:
    """Note the reporter's answer to a task."""
    return take(at, door, item, action, form)


@router.post("/said/{way}/{issue_id}/events/{kind}")
def note_event(at: Received, form: Submitted, door: VoiceDoor, kind: str) -> Response:
    """Note that the reporter urges, withdraws, answers, or has it taken up again."""
    return let(at, door, kind, form)


@router.post("/said/{way}/{issue_id}/comments")
def note_remark(at: Received, form: Submitted, door: VoiceDoor) -> Response:
    """Note a remark of the reporter."""
    return say(at, door, form)


@router.post("/said/{way}/{issue_id}/files")
def note_files(at: Received, form: Submitted, door: VoiceDoor) -> Response:
    """Add what the reporter hands over."""
    return hand_in(at, door, form)
