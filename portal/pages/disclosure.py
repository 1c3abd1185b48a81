"""Personal data of an issue, shown for ten minutes to somebody without an open task in it, who says why."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.access.sessions import sign_out
from huying.issues.disclosure import Asking, LooksTooOften, disclose
from huying.issues.record import no_issue
from huying.issues.views.issue import issue_view
from portal.frame.door import IssueDoor
from portal.frame.reader import session_of
from portal.frame.reception import SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submitted
from portal.pages.issues import issue_page, list_after

router = APIRouter(dependencies=[OWN])


@router.post("/issues/{issue_id}/shown")
def show(at: SignedIn, form: Submitted, door: IssueDoor) -> Response:
    """Show what is masked; whoever has looked too often in this log-in logs in anew first."""
    if door.by != "session":
        raise no_issue()
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    page = list_after(form) or f"/issues/{quote(seen.number)}"
    if not seen.masked:
        return at.go(page)
    token = session_of(at.request)
    fields = tuple(value.name for value in seen.values if value.masked)
    asked = form.entry("reason"), form.entries.get("why", "")[:300]
    try:
        disclose(at.house, seen.number, fields, asked, Asking(door.participant_id, at.now, token))
    except Invalid as refusal:
        return issue_page(at, door, refusal=refusal)
    except LooksTooOften:
        sign_out(at.house, token)
        return at.go(f"/login?again=looks&next={quote(page, safe='')}")
    return at.go(page)
