"""How one is told: addresses in order, what comes at once and what in a digest, and when nothing comes."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
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
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[OWN])
_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Tokyo", "Europe/Berlin", "Europe/London", "UTC")


@router.get("/account/messages")
def ways(at: SignedIn, done: str = "") -> Response:
    """One's own choices."""
    return _page(at, done=done)


@router.post("/account/messages")
def change(form: Submitted, at: SignedIn) -> Response:
    """Keep them."""
    try:
        choose(at.house, at.somebody.participant_id, form.entries, at.now)
    except Invalid as wrong:
        return _page(at, errors=wrong.errors)
    return at.go("/account/messages?done=kept")


@router.post("/account/messages/addresses")
def add(form: Submitted, at: SignedIn) -> Response:
    """Name a new address; a code goes there."""
    try:
        add_address(at.house, at.somebody.participant_id, form.entry("channel"), form.entry("target"), at.now)
    except Invalid as wrong:
        return _page(at, errors=wrong.errors, entered=form.entries)
    return at.go("/account/messages?done=sent")


@router.post("/account/messages/addresses/{number}")
def act(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Confirm an address by its code, have another code sent, put it first, or remove it."""
    person, do = at.somebody.participant_id, form.entry("do")
    try:
        if do == "confirm":
            confirm_address(at.house, person, number, form.entry("code"), at.now)
        elif do == "again":
            send_code_again(at.house, person, number, at.now)
        elif do == "first":
            put_first(at.house, person, number)
        else:
            remove_address(at.house, person, number)
    except Invalid as wrong:
        return _page(at, errors=wrong.errors)
    said = {"confirm": "confirmed", "again": "sent", "first": "kept"}.get(do, "removed")
    return at.go(f"/account/messages?done={said}")


def _page(
    at: Reception,
    *,
    done: str = "",
    errors: Mapping[str, Mapping[str, str]] | None = None,
    entered: Mapping[str, str] | None = None,
) -> Response:
    found = own_ways(at.house, at.somebody.participant_id)
    return at.page(
        "message_ways.html",
        422 if errors else 200,
        ways=found,
        digests=DIGESTS,
        zones=dict.fromkeys((found.quiet.zone if found.quiet else found.zone, *_ZONES)),
        errors=errors or {},
        entered=entered or {},
        done=done,
        back="/account/messages",
    )
