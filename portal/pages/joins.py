"""Residents who came on several ways: shown side by side, joined as one person for a reason or by their code, and parted again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.audit.record import AuditNote, note_at_once
from huying.privacy.codes import check_code, send_code
from huying.residents.joins import NewJoin, join_people, part_people
from huying.residents.view import join_lines, side
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("join people")])


@router.get("/joins")
def joins(at: SignedIn) -> Response:
    """The joins that hold, and those that are over."""
    return _list(at)


@router.get("/joins/new")
def new(at: SignedIn, one: Number, other: Number) -> Response:
    """Two residents side by side."""
    return _two(at, one, other)


@router.post("/joins")
def join(at: SignedIn, form: Submitted) -> Response:
    """Send the second one a code, or join them: by that code, or by an officer's word, with a reason."""
    one, other = _number(form, "one"), _number(form, "other")
    try:
        if form.entry("do") == "code":
            send_code(at.house, other, at.now)
            return _two(at, one, other, form, sent=True)
        code = form.entry("code")
        if code:
            check_code(at.house, other, code, at.now)
        wish = NewJoin(one, other, "code" if code else "officer", form.entry("reason"))
        join_people(at.house, wish, at.by(form.request_id))
    except Invalid as wrong:
        return _two(at, one, other, form, wrong)
    return at.go("/joins")


@router.post("/joins/{number}")
def part(at: SignedIn, form: Submitted, number: Number) -> Response:
    """Part them again, with a reason."""
    try:
        part_people(at.house, number, form.entry("reason"), at.by(form.request_id))
    except Invalid as wrong:
        return _list(at, wrong)
    return at.go("/joins")


def _number(form: Submission, name: str) -> int:
    text = form.entry(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _list(at: Reception, wrong: Invalid | None = None) -> Response:
    lines = join_lines(at.house, at.language)
    return at.page(
        "joins.html", 422 if wrong else 200, lines=lines, errors=wrong.errors if wrong else {}, back="/joins"
    )


def _two(
    at: Reception,
    one: int,
    other: int,
    form: Submission | None = None,
    wrong: Invalid | None = None,
    sent: bool = False,
) -> Response:
    sides = tuple(side(at.house, person, at.language) for person in (one, other))
    shown = AuditNote(what="contact-shown", object="list:join", detail={"people": 2})
    note_at_once(at.house.database.engine, shown)
    return at.page(
        "join.html",
        422 if wrong else 200,
        sides=sides,
        entries=form.entries if form else {},
        errors=wrong.errors if wrong else {},
        sent=sent,
        back=f"/joins/new?one={one}&other={other}",
    )
