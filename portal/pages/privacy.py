"""Personal data, for its officer: how long what is kept, holds, and whose time is over."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.privacy.holds import CAUSES, HoldWish, lift_hold, place_hold
from huying.privacy.rules import RuleWish, set_rule
from huying.privacy.view import due_list, hold_lines, process_titles, thing_lines
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("keep privacy")])


@router.get("/privacy")
def overview(at: SignedIn, done: str = "") -> Response:
    """Rules and holds."""
    return _page(at, done=done)


@router.get("/privacy/due")
def due(at: SignedIn) -> Response:
    """Whose time is over today, before anything is erased."""
    return at.page("privacy_due.html", due=due_list(at.house, at.language, at.now), back="/privacy")


@router.post("/privacy/rules")
def rule(form: Submitted, at: SignedIn) -> Response:
    """Let something be kept for another time."""
    wish = RuleWish(
        what=form.entry("what"),
        span=form.entry("span"),
        reason=form.entry("reason"),
        area=form.entry("area"),
        definition=form.entry("definition"),
    )
    try:
        set_rule(at.house, wish, at.by(form.request_id))
    except Invalid as wrong:
        return _page(at, rule=wish, errors=wrong.errors, status=422)
    return at.go("/privacy?done=rule")


@router.post("/privacy/holds")
def hold(form: Submitted, at: SignedIn) -> Response:
    """Hold an issue, or all of its reporter's."""
    wish = HoldWish(
        number=form.entry("number"),
        cause=form.entry("cause"),
        reason=form.entry("reason"),
        until=form.entry("until"),
        person=form.entry("person") == "yes",
    )
    try:
        place_hold(at.house, wish, at.by(form.request_id))
    except Invalid as wrong:
        return _page(at, hold=wish, errors=wrong.errors, status=422)
    return at.go("/privacy?done=hold")


@router.post("/privacy/holds/{number}")
def lift(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Hold it no longer."""
    try:
        lift_hold(at.house, number, form.entry("reason"), at.by(form.request_id))
    except Invalid as wrong:
        return _page(at, errors={f"lift-{number}": wrong.errors["reason"]}, status=422)
    return at.go("/privacy?done=lifted")


def _page(
    at: Reception,
    *,
    done: str = "",
    rule: RuleWish | None = None,
    hold: HoldWish | None = None,
    errors: Any = None,
    status: int = 200,
) -> Response:
    return at.page(
        "privacy.html",
        status,
        things=thing_lines(at.house, at.language, at.now),
        holds=hold_lines(at.house, at.language, at.now),
        causes={key: words.of(at.language) for key, words in CAUSES.items()},
        processes=process_titles(at.house, at.language, at.now),
        rule=rule or RuleWish("", "", ""),
        hold=hold or HoldWish("", "", ""),
        errors=errors or {},
        done=done,
        back="/privacy",
    )
