"""What is held about whoever asks: a copy, a correction, erasing; signed in, or by number and code and a code to their own mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from engine.refusal import Invalid, Refusal
from huying.errors import Later
from huying.house.by import By
from huying.issues.record import no_issue, reporter_of
from huying.issues.views.issue import issue_view
from huying.privacy.codes import check_code, reachable, send_code
from huying.privacy.request_view import own_requests
from huying.privacy.requests import KINDS, RequestWish, ask, handed_out
from portal.frame.door import Door, IssueDoor
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Mine:
    """Whose data it is, and the page on which they ask; ``door``: they came by number and code."""

    person: int
    address: str
    door: Door | None = None


_SELF = Said("本人查阅", "asked for by the person themself")


@router.get("/my/data", dependencies=[OWN])
def mine(at: SignedIn, done: str = "") -> Response:
    """For whoever is signed in."""
    return _page(at, _Mine(at.somebody.participant_id, "/my/data"), done=done)


@router.post("/my/data", dependencies=[OWN])
def asked(form: Submitted, at: SignedIn) -> Response:
    """Hand out the copy, or note a request."""
    person = at.somebody.participant_id
    if form.entry("do") == "copy":
        return _copy(at, person, at.by(form.request_id))
    return _noted(at, form, RequestWish(form.entry("kind"), person, form.entry("said")), _Mine(person, "/my/data"))


@router.get("/issues/{issue_id}/data", dependencies=[OWN])
def by_code(at: Received, door: IssueDoor, done: str = "") -> Response:
    """For whoever shows number and code."""
    return _page(at, _by_door(at, door), done=done)


@router.post("/issues/{issue_id}/data", dependencies=[OWN])
def asked_by_code(form: Submitted, at: Received, door: IssueDoor) -> Response:
    """Send a code, hand out the copy for it, or note a request."""
    mine, do = _by_door(at, door), form.entry("do")
    try:
        if do == "send":
            send_code(at.house, mine.person, at.now)
            return at.go(f"{mine.address}?done=sent")
        if do == "copy":
            check_code(at.house, mine.person, form.entry("code"), at.now)
            return _copy(at, mine.person, By(mine.person, at.now, form.request_id))
    except Invalid as wrong:
        return _page(at, mine, errors=wrong.errors, status=422)
    except Later as later:
        return _page(at, mine, errors={"code": later.message}, status=429)
    wish = RequestWish(form.entry("kind"), mine.person, form.entry("said"), door.issue_id)
    return _noted(at, form, wish, mine)


def _by_door(at: Reception, door: Door) -> _Mine:
    """Whose data it is: the reporter's alone, whoever else may see the issue."""
    if reporter_of(at.house, door.issue_id) != door.participant_id:
        raise no_issue()
    return _Mine(door.participant_id, f"/issues/{door.issue_id}/data", door)


def _copy(at: Reception, person: int, by: By) -> Response:
    content = handed_out(at.house, person, at.language, by, _SELF.of(at.language))
    return archive_answer(content)


def archive_answer(content: bytes) -> Response:
    """A copy of somebody's data, to be kept."""
    head = {"content-disposition": 'attachment; filename="my-data.zip"', "cache-control": "no-store"}
    return Response(content, media_type="application/zip", headers=head)


def _noted(at: Reception, form: Submission, wish: RequestWish, mine: _Mine) -> Response:
    try:
        ask(at.house, wish, By(wish.person, at.now, form.request_id))
    except Refusal as refusal:
        errors = refusal.errors if isinstance(refusal, Invalid) else {"said": refusal.message}
        return _page(at, mine, errors=errors, wish=wish, status=422)
    return at.go(f"{mine.address}?done=asked")


def _page(
    at: Reception,
    mine: _Mine,
    *,
    done: str = "",
    errors: Any = None,
    wish: RequestWish | None = None,
    status: int = 200,
) -> Response:
    door, person = mine.door, mine.person
    return at.page(
        "own_data.html",
        status,
        address=mine.address,
        number=issue_view(at.house, door.issue_id, door.look(at.language, at.now)).number if door else "",
        door=door,
        reachable=door is None or reachable(at.house, person),
        # by number and code alone nobody reads what was asked and answered: that may name others
        asked=own_requests(at.house, person, at.language, at.now) if door is None else (),
        kinds={key: words.of(at.language) for key, words in KINDS.items()},
        wish=wish or RequestWish("", person),
        done=done,
        errors=errors or {},
        back=mine.address,
    )
