"""Telephone calls: who rings at the desk, who was missed and is to be called back, and where a recording lies."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from definitions.text import Said
from engine.refusal import Unavailable
from huying.access.viewer import viewer
from huying.audit.record import AuditNote, note_at_once
from huying.calls.view import OUTCOMES, became, last_calls, recording_of, ringing_for, take_over
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.reception import SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter()
_SEE = needs("see calls")
_WORDS = {
    "": Said("还没有说明结果", "nothing said yet"),
    "issue": Said("已登记", "taken in"),
    "answered": Said("已当场答复", "answered at once"),
    "wrong": Said("打错了", "wrong number"),
    "abandoned": Said("没有接到", "missed"),
    "called-back": Said("已回拨", "called back"),
}


@router.get("/calls", dependencies=[_SEE])
def calls(at: SignedIn, which: str = "all") -> Response:
    """The last calls, or those that nobody answered."""
    with at.house.database.reading() as connection:
        reader = viewer(connection, at.somebody.participant_id)
    found = last_calls(at.house, reader, which)
    if found:
        shown = AuditNote(what="contact-shown", object="list:calls", detail={"people": len(found)})
        note_at_once(at.house.database.engine, shown)
    zone = at.house.zone
    return at.page(
        "calls.html",
        lines=[(one, moment_words(one.at, zone, at.language), _WORDS[one.outcome].of(at.language)) for one in found],
        outcomes={key: _WORDS[key].of(at.language) for key in OUTCOMES},
        which=which,
        hears=at.may("hear recordings"),
        now=at.now,
    )


@router.get("/calls/ringing", dependencies=[_SEE])
def ringing(at: SignedIn) -> Response:
    """Who rings at one's desk now: a part of the page, which asks again and again and touches nothing that is being filled in."""
    return at.page("calls_ringing.html", ringing=ringing_for(at.house, at.somebody.participant_id, at.now))


@router.post("/calls/{call}/take", dependencies=[_SEE])
def take(at: SignedIn, form: Submitted, call: Number) -> Response:
    """Take a caller over: to the desk with their number; a colleague may have been faster."""
    try:
        take_over(at.house, call, at.somebody.participant_id)
    except Unavailable:
        return at.go("/calls")
    return at.go(f"/intake?call={call}")


@router.post("/calls/{call}", dependencies=[_SEE])
def say(at: SignedIn, form: Submitted, call: Number) -> Response:
    """Say what became of a call."""
    outcome = form.entry("outcome")
    if outcome in OUTCOMES:
        became(at.house, call, at.somebody.participant_id, outcome)
    return at.go("/calls?which=missed" if form.entry("which") == "missed" else "/calls")


@router.get("/calls/{call}/recording", dependencies=[needs("hear recordings")])
def recording(at: SignedIn, call: Number) -> Response:
    """To the recording where the telephone system keeps it; that somebody asked for it is kept."""
    address = recording_of(at.house, call, at.somebody.participant_id)
    return RedirectResponse(address, 302, {"referrer-policy": "no-referrer", "cache-control": "no-store"})
