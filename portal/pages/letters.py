"""A message that came in, on its way over the intake desk: what it says stands there already, and its files go with it."""

from __future__ import annotations

from typing import Any

from huying.audit.record import AuditNote, note_at_once
from huying.errors import NotFound
from huying.house.by import By
from huying.house.channels import NoChannel
from huying.inbound.deeds import became_issue
from huying.inbound.view import TrayMessage, raw_of, tray_message
from huying.intake.desk import DeskWish, IntakeDesk, TakesNothing, desk
from huying.mail.content import content_of
from huying.mail.letter import entries_of
from portal.frame.reception import Reception
from portal.frame.submission import Submission

#: So long the name of somebody is.
_LONGEST_NAME = 40


def letter_of(at: Reception, message: int) -> TrayMessage | None:
    """The message, if it still waits for somebody, and this person may decide on it."""
    if not message or not at.may("keep tray"):
        return None
    try:
        seen = tray_message(at.house, at.somebody, message, at.language)
    except NotFound:
        return None
    return seen if seen.line.state == "tray" else None


def takes_letters(at: Reception, seen: TrayMessage) -> bool:
    """Whether this person has a desk over which it can be taken in; who has none hands it to a station."""
    wish = DeskWish(seen.definition, seen.station_code, "", seen.line.channel)
    try:
        desk(at.house, at.somebody.participant_id, wish, at.language, at.now)
    except (TakesNothing, NoChannel):
        return False
    return True


def first_form(found: IntakeDesk, seen: TrayMessage) -> Submission:
    """The desk as the message fills it in."""
    fields = dict(entries_of(found.fields, seen.line.subject, seen.text, cut=True) or {})
    entries = {"message": str(seen.line.id), "name": seen.line.name[:_LONGEST_NAME], "channel": found.channel}
    return Submission(fields, entries, (), "")


def took_in(at: Reception, message: int, issue: int, request: str) -> None:
    """The message became this issue: its files are added there."""
    content = raw_of(at.house, at.somebody, message)
    files = content_of(content).files if content is not None else ()
    became_issue(at.house, message, issue, files, By(at.somebody.participant_id, at.now, request))


def note_reading(at: Reception, message: int, **detail: Any) -> None:
    """That somebody reads a message is noted before they do."""
    told = AuditNote(what="message-read", object=f"message:{message}", by=at.person_id, detail=detail)
    note_at_once(at.house.database.engine, told)
