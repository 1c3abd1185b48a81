"""Residents to be told by phone, for the staff of their station."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.audit.record import AuditNote, note_at_once
from huying.messages.phone_list import phone_list, was_told
from portal.frame.bounds import Number
from portal.frame.reception import SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("look after issues")])


@router.get("/phone-list")
def calls(at: SignedIn) -> Response:
    """Whom to call, and what to say."""
    found = phone_list(at.house, at.somebody.participant_id, at.language)
    if found:
        told = AuditNote(what="contact-shown", object="list:phone-list", detail={"people": len(found)})
        note_at_once(at.house.database.engine, told)
    return at.page("phone_list.html", calls=found)


@router.post("/phone-list/{issue_id}/{person}")
def told(at: SignedIn, form: Submitted, issue_id: Number, person: Number) -> Response:
    """They were told."""
    was_told(at.house, issue_id, person, at.by(form.request_id))
    return at.go("/phone-list")
