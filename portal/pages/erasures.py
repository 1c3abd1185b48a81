"""Erasures, for whoever looks after personal data: what is proposed is shown first, then approved or dropped; what came of it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Refusal
from huying.approvals.proposals import NewProposal
from huying.privacy.erasure_view import erasure_lines, erasure_view
from huying.privacy.erasures import approving, drop, propose_due, propose_for
from huying.privacy.officers import tell_officers
from huying.privacy.request_view import request_line
from portal.frame.bounds import Number
from portal.frame.errors import STATUS
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("keep privacy")])


@router.get("/privacy/erasures")
def listed(at: SignedIn) -> Response:
    """The last ones."""
    return at.page("erasures.html", lines=erasure_lines(at.house, at.language, at.now), back="/privacy/erasures")


@router.post("/privacy/erasures")
def new(form: Submitted, at: SignedIn) -> Response:
    """Propose all whose time is over, or whoever a request is of."""
    by, asked = at.by(form.request_id), form.entry("request")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        line = request_line(at.house, int(asked), at.language, at.now)
        number: int | None = propose_for(at.house, line.person, f"{line.kind} {line.id}", by)
    else:
        number = propose_due(at.house, by)
    if number is None:
        return at.go("/privacy/due")
    tell_officers(at.house, number, at.now)
    return at.go(f"/privacy/erasures/{number}")


@router.get("/privacy/erasures/{number}")
def one(at: SignedIn, number: Number) -> Response:
    """One of them, with what is in it."""
    return _one(at, number)


@router.post("/privacy/erasures/{number}")
def decide(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Approve it (which takes two where the office says so), or drop it."""
    try:
        return _decided(at, form, number)
    except Refusal as refusal:
        return _one(at, number, refusal.message[at.language], STATUS.get(refusal.code, 409))


def _decided(at: Reception, form: Submission, number: int) -> Response:
    if form.entry("do") == "drop":
        drop(at.house, number, at.by(form.request_id))
    else:
        line = erasure_view(at.house, number, at.language, at.now).line
        about = f"{line.cause} {line.total}"
        waits = proposed(at, form, NewProposal("erase", {"erasure": number}, about, reason=form.entry("reason")))
        if waits is not None:
            return waits
        write = approving(at.house, number, at.somebody.name, at.now)
        with at.house.database.writing() as connection:
            write(connection)
    return at.go(f"/privacy/erasures/{number}")


def _one(at: Reception, number: int, refused: str = "", status: int = 200) -> Response:
    found = erasure_view(at.house, number, at.language, at.now)
    return at.page("erasure.html", status, found=found, line=found.line, refused=refused, back="/privacy/erasures")
