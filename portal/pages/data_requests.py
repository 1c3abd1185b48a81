"""Requests about personal data, for its officer: what waits, until when; answered, refused, handed out, each with a reason."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.privacy.correction import ContactCorrection, correct
from huying.privacy.request_view import request_line, request_list
from huying.privacy.requests import KINDS, answer, ask_for, handed_out
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted
from portal.pages.own_data import archive_answer

router = APIRouter(dependencies=[needs("keep privacy")])


@router.get("/privacy/requests")
def listed(at: SignedIn) -> Response:
    """What waits, and what was answered lately."""
    return _list(at)


@router.post("/privacy/requests")
def new(form: Submitted, at: SignedIn) -> Response:
    """Note what somebody asks at the counter or by telephone."""
    entered = {name: form.entry(name) for name in ("number", "kind", "said")}
    try:
        number = ask_for(at.house, entered["number"], entered["kind"], entered["said"], at.by(form.request_id))
    except Invalid as wrong:
        return _list(at, entered=entered, errors=wrong.errors, status=422)
    return at.go(f"/privacy/requests/{number}")


@router.get("/privacy/requests/{number}")
def one(at: SignedIn, number: Number, done: str = "") -> Response:
    """One of them."""
    return _one(at, number, done=done)


@router.post("/privacy/requests/{number}")
def decide(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Answer it, by a correction or in words, refuse it, or take out the copy for whoever asked."""
    do, by = form.entry("do"), at.by(form.request_id)
    wish = ContactCorrection(form.entry("name"), form.entry("phone"), form.entry("email"))
    try:
        if do == "copy":
            line = request_line(at.house, number, at.language, at.now)
            return archive_answer(handed_out(at.house, line.person, at.language, by, form.entry("why")))
        if do == "correct":
            correct(at.house, number, wish, by)
            return at.go(f"/privacy/requests/{number}?done=yes")
        answer(at.house, number, form.entry("answer"), by, refused=do == "refuse")
    except Invalid as wrong:
        return _one(at, number, entered=wish, errors=wrong.errors, status=422)
    return at.go(f"/privacy/requests/{number}?done=yes")


def _list(at: Reception, *, entered: Any = None, errors: Any = None, status: int = 200) -> Response:
    return at.page(
        "data_requests.html",
        status,
        found=request_list(at.house, at.language, at.now),
        kinds={key: words.of(at.language) for key, words in KINDS.items()},
        entered=entered or {},
        errors=errors or {},
        back="/privacy/requests",
    )


def _one(
    at: Reception,
    number: int,
    *,
    done: str = "",
    entered: ContactCorrection | None = None,
    errors: Any = None,
    status: int = 200,
) -> Response:
    return at.page(
        "data_request.html",
        status,
        one=request_line(at.house, number, at.language, at.now),
        done=done,
        entered=entered or ContactCorrection(),
        errors=errors or {},
        back="/privacy/requests",
    )
