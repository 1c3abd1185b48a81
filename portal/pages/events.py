"""What the pages let happen to an issue beside acting on a task: one route, one small form for each kind of event."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from definitions.model.field import Field
from engine.deeds.registry import BY_FORM
from engine.refusal import Invalid
from huying.house.by import By
from huying.issues.deeds import happen
from huying.issues.form_drafts import save_draft
from huying.issues.views.possible import possible_view
from portal.frame.bounds import Number
from portal.frame.door import Door, IssueDoor, LinkDoor
from portal.frame.reception import Received, Reception
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted
from portal.frame.written import event_of
from portal.pages.issues import afterwards, issue_page, list_after
from portal.pages.tasks import with_files

router = APIRouter(dependencies=[OWN])


@router.post("/issues/{issue_id}/events/{kind}")
def let_happen(at: Received, form: Submitted, door: IssueDoor, kind: str) -> Response:
    """Let something happen, as the person who stands before the issue."""
    return let(at, door, kind, form)


@router.post("/t/{token}/events/{kind}")
def let_happen_by_link(at: Received, form: Submitted, door: LinkDoor, kind: str) -> Response:
    """The same, as the person to whom the link was sent."""
    return let(at, door, kind, form)


@router.post("/tasks/{issue_id}/{item}/draft/{action}")
def keep_draft(at: Received, form: Submitted, door: IssueDoor, item: Number, action: str) -> Response:
    """Keep what was entered so far."""
    return keep(at, door, item, action, form)


@router.post("/t/{token}/draft/{action}")
def keep_draft_by_link(at: Received, form: Submitted, door: LinkDoor, action: str) -> Response:
    """The same, as the person to whom the link was sent."""
    return keep(at, door, door.item or 0, action, form)


def keep(at: Reception, door: Door, item: int, action: str, form: Submission) -> Response:
    """Save a draft, and show the task again."""
    form = with_files(at, door, item, action, form)
    save_draft(at.house, door.issue_id, item, action, form.fields, By(door.participant_id, at.now))
    return at.go(door.task(item))


def _asked(at: Reception, door: Door) -> dict[str, Field]:
    """All that forms of events may ask for here."""
    possible = possible_view(at.house, door.issue_id, door.look(at.language, at.now))
    found = {name: field for option in possible.options for name, field in option.fields.items()}
    return {**found, **(possible.reopening.ask if possible.reopening else {})}


def let(at: Reception, door: Door, kind: str, form: Submission) -> Response:
    """Make the event of a form happen; what is wrong with it is said on the issue's page."""
    if form.pending:
        form = form.with_files(at.house.store, _asked(at, door), door.whose(at.now).person)
    try:
        if form.faults:
            raise Invalid(form.faults)
        event = event_of(at.here, BY_FORM.get(kind), form)
        happen(at.house, door.issue_id, event, door.whose(at.now, form.request_id))
    except Invalid as refusal:
        return issue_page(at, door, refusal=refusal)
    return at.go(list_after(form) or afterwards(at.here, door))
