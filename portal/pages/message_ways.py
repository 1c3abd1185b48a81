"""How one is told: addresses in order, what comes at once and what in a digest, and when nothing comes; signed in, or by number and code.

By number and code nobody reads an address, enters one or removes one: whoever found a receipt could have another's messages sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.issues.record import no_issue, reporter_of
from huying.messages.ways import (
    DIGESTS,
    add_address,
    choose,
    confirm_address,
    own_ways,
    put_first,
    remove_address,
    send_code_again,
)
from portal.frame.bounds import Number
from portal.frame.door import Door, IssueDoor
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[OWN])
_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Tokyo", "Europe/Berlin", "Europe/London", "UTC")
_SAID = {"confirm": "confirmed", "again": "sent", "first": "kept", "remove": "removed"}
#: What can be done with an address by number and code.
_BY_CODE = ("confirm", "again", "first")


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose choices they are, and the page on which they make them; ``door``: they came by number and code."""

    person: int
    address: str
    door: Door | None = None


@router.get("/account/messages")
def ways(at: SignedIn, done: str = "") -> Response:
    """One's own choices."""
    return _page(at, _own(at), done=done)


@router.post("/account/messages")
def change(form: Submitted, at: SignedIn) -> Response:
    """Keep them."""
    return _kept(at, form, _own(at))


@router.post("/account/messages/addresses")
def add(form: Submitted, at: SignedIn) -> Response:
    """Name a new address; a code goes there."""
    try:
        add_address(at.house, at.somebody.participant_id, form.entry("channel"), form.entry("target"), at.now)
    except Invalid as wrong:
        return _page(at, _own(at), errors=wrong.errors, entered=form.entries)
    return at.go("/account/messages?done=sent")


@router.post("/account/messages/addresses/{number}")
def act(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Confirm an address by its code, have another code sent, put it first, or remove it."""
    return _done(at, form, _own(at), number)


@router.get("/issues/{issue_id}/messages")
def ways_by_code(at: Received, door: IssueDoor, done: str = "") -> Response:
    """For whoever shows number and code."""
    return _page(at, _by_door(at, door), done=done)


@router.post("/issues/{issue_id}/messages")
def change_by_code(form: Submitted, at: Received, door: IssueDoor) -> Response:
    """Keep what they chose."""
    return _kept(at, form, _by_door(at, door))


@router.post("/issues/{issue_id}/messages/addresses/{number}")
def act_by_code(form: Submitted, at: Received, door: IssueDoor, number: Number) -> Response:
    """Confirm an address that they gave, or put it first."""
    if form.entry("do") not in _BY_CODE:
        raise no_issue()
    return _done(at, form, _by_door(at, door), number)


def _own(at: Reception) -> _Whose:
    return _Whose(at.somebody.participant_id, "/account/messages")


def _by_door(at: Reception, door: Door) -> _Whose:
    """The reporter's alone, whoever else may see the issue."""
    if reporter_of(at.house, door.issue_id) != door.participant_id:
        raise no_issue()
    return _Whose(door.participant_id, f"/issues/{door.issue_id}/messages", door)


def _kept(at: Reception, form: Submission, whose: _Whose) -> Response:
    try:
        choose(at.house, whose.person, form.entries, at.now)
    except Invalid as wrong:
        return _page(at, whose, errors=wrong.errors)
    return at.go(f"{whose.address}?done=kept")


def _done(at: Reception, form: Submission, whose: _Whose, number: int) -> Response:
    do = form.entry("do")
    try:
        if do == "confirm":
            confirm_address(at.house, whose.person, number, form.entry("code"), at.now)
        elif do == "again":
            send_code_again(at.house, whose.person, number, at.now)
        elif do == "first":
            put_first(at.house, whose.person, number)
        else:
            remove_address(at.house, whose.person, number)
    except Invalid as wrong:
        return _page(at, whose, errors=wrong.errors)
    return at.go(f"{whose.address}?done={_SAID.get(do, 'removed')}")


def _page(
    at: Reception,
    whose: _Whose,
    *,
    done: str = "",
    errors: Mapping[str, Mapping[str, str]] | None = None,
    entered: Mapping[str, str] | None = None,
) -> Response:
    found = own_ways(at.house, whose.person, veiled=whose.door is not None)
    return at.page(
        "message_ways.html",
        422 if errors else 200,
        ways=found,
        address=whose.address,
        door=whose.door,
        digests=DIGESTS,
        zones=dict.fromkeys((found.quiet.zone if found.quiet else found.zone, *_ZONES)),
        errors=errors or {},
        entered=entered or {},
        done=done,
        back=whose.address,
    )
