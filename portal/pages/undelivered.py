"""Messages that reached nobody, and sending them again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.audit.record import AuditNote, note_at_once
from huying.delivery.undelivered import send_again, undelivered
from huying.words.moments import moment_words
from notifications import CHANNELS
from portal.frame.reception import SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("put right incidents")])


@router.get("/undelivered")
def listed(at: SignedIn, sender: str = "", done: int | None = None) -> Response:
    """The list, of one sender or of all."""
    found = undelivered(at.house, at.somebody.participant_id, sender)
    if found:
        told = AuditNote(what="contact-shown", object="list:undelivered", detail={"people": len(found)})
        note_at_once(at.house.database.engine, told)
    zone = at.house.zone
    return at.page(
        "undelivered.html",
        lines=found,
        sender=sender,
        channels=CHANNELS,
        done=done,
        moment=lambda one: moment_words(one, zone, at.language),
        back="/undelivered",
    )


@router.post("/undelivered")
def resend(form: Submitted, at: SignedIn) -> Response:
    """Send one again, or all that are listed."""
    named, sender = form.entry("message"), form.entry("sender")
    only = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None
    count = send_again(at.house, at.by(form.request_id), only=only, sender=sender)
    return at.go(f"/undelivered?done={count}")
