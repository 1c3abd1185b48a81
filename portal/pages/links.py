"""Links in messages: the recipient's task or issue, without a log-in. GET shows, POST acts; mail scanners that prefetch do no harm."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.access.viewer import Viewer, viewer
from huying.errors import NotFound
from huying.issues.views.task import task_view
from portal.frame.bounds import Number
from portal.frame.door import AnyLinkDoor, Door, LinkDoor
from portal.frame.file import Part, file_answer, kept_answer
from portal.frame.here import Here
from portal.frame.reception import Received, Reception
from portal.frame.right import OWN
from portal.frame.submission import Submitted
from portal.pages.issues import hand_in, issue_page, say
from portal.pages.tasks import hold, take, task_page

router = APIRouter(dependencies=[OWN])


@router.get("/t/{token}")
def show(at: Received, door: AnyLinkDoor, done: bool = False, issue: bool = False) -> Response:
    """The task, or the issue when the link is for no task or the reader wants to see all of it; of a task that is over, that word alone."""
    speaking = _speaking(at, door)
    if door.over:
        return _over(speaking, door, done=done)
    if door.item is None or issue:
        return issue_page(speaking, door)
    return task_page(speaking, door, door.item, done=done)


@router.post("/t/{token}/act/{action}")
def act_by_link(at: Received, form: Submitted, door: LinkDoor, action: str) -> Response:
    """Act as the person to whom the link was sent."""
    return take(_speaking(at, door), door, _item(door), action, form)


@router.post("/t/{token}/claim")
def claim_by_link(at: Received, form: Submitted, door: LinkDoor) -> Response:
    """Take the task for oneself."""
    return hold(_speaking(at, door), door, _item(door), form, taken=True)


@router.post("/t/{token}/release")
def release_by_link(at: Received, form: Submitted, door: LinkDoor) -> Response:
    """Give the task back."""
    return hold(_speaking(at, door), door, _item(door), form, taken=False)


@router.post("/t/{token}/comments")
def comment_by_link(at: Received, form: Submitted, door: LinkDoor) -> Response:
    """Add a remark."""
    return say(_speaking(at, door), door, form)


@router.post("/t/{token}/files")
def files_by_link(at: Received, form: Submitted, door: LinkDoor) -> Response:
    """Add files."""
    return hand_in(_speaking(at, door), door, form)


@router.get("/t/{token}/files/{sequence}")
def file_by_link(here: Here, door: LinkDoor, sequence: Number, small: bool = False, part: Part = None) -> Response:
    """A file of the issue."""
    return file_answer(here, door, sequence, small=small, part=part)


@router.get("/t/{token}/kept/{digest}")
def kept_by_link(here: Here, door: LinkDoor, digest: str, small: bool = False, part: Part = None) -> Response:
    """A file that a field of the issue holds."""
    return kept_answer(here, door, digest, small=small, part=part)


@router.get("/t/{token}/{rest:path}")
def back_to_link(at: Received, door: AnyLinkDoor) -> Response:
    """The address of a form, opened again by hand: back to the page."""
    return at.go(f"/t/{door.token}")


def _over(at: Reception, door: Door, *, done: bool) -> Response:
    """That the task is done, and by whom; what else there is to see needs a log-in."""
    seen = task_view(at.house, door.issue_id, _item(door), door.look(at.language, at.now))
    return at.page("link_over.html", task=seen, done=done, back="/")


def _item(door: Door) -> int:
    if door.item is None:
        raise NotFound("这个链接不对应任何任务。", "This link is for no task.")
    return door.item


def _speaking(at: Reception, door: Door) -> Reception:
    """The reader in the language of the person to whom the link was sent."""
    with at.house.database.reading() as connection:
        recipient: Viewer = viewer(connection, door.participant_id)
    return at.speaking(recipient.language)
