"""The step after an import: whoever came in with it and has no account yet is invited, by a message or on a slip, in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Refusal
from huying.access.account_view import AccountLine, not_come_in
from huying.house.by import By
from huying.register.office import office_name
from huying.register.workbook.imports import ImportOffer, assure_may_import, imported_people, offered
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted
from portal.pages.accounts import LinkReport, chosen, note_slips, printed, told

router = APIRouter(dependencies=[needs("invite people")])
#: So many are invited by one press; whoever is left comes to the top of the next page.
_MOST = 300


@router.get("/register/import/{number}/invite")
def imported(at: SignedIn, number: Number) -> Response:
    """Whoever came with an import and has never been here: with a mail address, and without."""
    assure_may_import(at.somebody, at.now)
    found = offered(at.house, number, at.now)
    people = _people(at, found)
    shown = people[:_MOST]
    return at.page("register_invite.html", found=found, people=shown, total=len(people), moment=_moment(at))


@router.post("/register/import/{number}/invite")
def invite(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Invite all who are ticked: by a message where they have a mail address, else on a slip; or all on slips. Each refusal is told."""
    assure_may_import(at.somebody, at.now)
    found = offered(at.house, number, at.now)
    report, by = LinkReport(), By(at.somebody.participant_id, at.now)
    ticked = set(chosen(form))
    for one in _people(at, found):
        if one.id not in ticked:
            continue
        how = told if one.has_mail and form.entry("how") != "slip" else printed
        try:
            how(at, one.id, by, report)
        except Refusal as refusal:
            report.refused.append(refusal.message)
    if report.slips:
        note_slips(at, report)
    left = sum(one.state != "invited" for one in _people(at, found))
    house = office_name(at.house, at.language)
    return at.page("register_invited.html", found=found, report=report, house=house, left=left, back="/register/import")


def _people(at: Reception, found: ImportOffer) -> tuple[AccountLine, ...]:
    return not_come_in(at.house, at.now, imported_people(found))


def _moment(at: Reception) -> Callable[[datetime], str]:
    zone = at.house.zone
    return lambda moment: moment_words(moment, zone, at.language)
