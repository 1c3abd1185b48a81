"""Proposals: what one asks for and a second person approves, refuses, or takes back; and whether the house wants that."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.approvals.kinds import KINDS
from huying.approvals.proposals import (
    STATES,
    NewProposal,
    approve,
    change_rule,
    do_alone,
    propose,
    refuse,
    take_back,
    wants_two,
)
from huying.approvals.view import proposal_list, proposal_view
from huying.rights.four_eyes import RULES
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("see proposals")])


def proposed(at: Reception, form: Submission, wish: NewProposal) -> Response | None:
    """The answer where this takes two, or whoever asks may only propose; ``None`` where it is to be done at once.

    ``do=alone``: done by one in an emergency, with the note as the reason.
    """
    may = at.may(KINDS[wish.kind].action)
    if may and not wants_two(at.house):
        return None
    if may and form.entry("do") == "alone":
        number = do_alone(at.house, wish, at.by(form.request_id))
    else:
        number = propose(at.house, wish, at.by(form.request_id))
    return at.go(f"/proposals/{number}?made=yes")


@router.get("/proposals")
def listed(at: SignedIn) -> Response:
    """The open ones, the last decided ones, and the rule."""
    return _list(at)


@router.get("/proposals/{number}")
def one(at: SignedIn, number: Number) -> Response:
    """One of them, with what changes."""
    return _one(at, number)


@router.post("/proposals/{number}")
def decide(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Approve it, refuse it, or take it back."""
    do, said, by = form.entry("do"), form.entry("said")[:1000], at.by(form.request_id)
    try:
        if do == "approve":
            approve(at.house, number, said, by)
        elif do == "refuse":
            refuse(at.house, number, said, by)
        elif do == "withdraw":
            take_back(at.house, number, by)
    except Invalid as wrong:
        return _one(at, number, wrong.errors, 422)
    return at.go(f"/proposals/{number}")


@router.post("/proposals")
def rule(form: Submitted, at: SignedIn) -> Response:
    """Let another rule hold."""
    wanted = form.entry("rule")
    if wanted not in RULES:
        return _list(at, 422)
    number = change_rule(at.house, wanted, form.entry("reason"), at.by(form.request_id))
    return at.go("/proposals" if number is None else f"/proposals/{number}?made=yes")


def _list(at: Reception, status: int = 200) -> Response:
    found = proposal_list(at.house, at.by(), at.language)
    return at.page(
        "proposals.html", status, found=found, rules=RULES, states=STATES, sets=at.may("keep house"), back="/proposals"
    )


def _one(at: Reception, number: int, errors: Any = None, status: int = 200) -> Response:
    return at.page(
        "proposal.html",
        status,
        one=proposal_view(at.house, number, at.by(), at.language),
        states=STATES,
        made=at.request.query_params.get("made") == "yes",
        errors=errors or {},
        back=f"/proposals/{number}",
    )
