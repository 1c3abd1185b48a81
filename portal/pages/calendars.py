"""The calendars by which deadlines are reckoned: everybody may look at them, the office brings them up to date."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from huying.calendars.imports import import_calendar, preview
from huying.calendars.view import calendar_lines, calendar_year
from huying.house.imprint import Imprint
from portal.frame.bounds import Number
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import PUBLIC, needs
from portal.frame.submission import Submission, Submitted

router = APIRouter()

#: What findings call the text that was pasted.
_PASTED = "通知 notice"


@router.get("/calendars", dependencies=[PUBLIC])
def calendars(at: Received) -> Response:
    """All of them."""
    return at.page("calendars.html", calendars=calendar_lines(at.house, at.language))


@router.get("/calendars/{key}", dependencies=[PUBLIC])
def calendar(at: Received, key: str, year: Number | None = None) -> Response:
    """One year of one, month by month."""
    return _calendar(at, key, year=year)


@router.post("/calendars/{key}/preview", dependencies=[needs("keep calendars")])
def look(form: Submitted, at: SignedIn, key: str) -> Response:
    """What a text that was pasted would change."""
    return _checked(at, key, form)


@router.post("/calendars/{key}/publish", dependencies=[needs("keep calendars")])
def publish(form: Submitted, at: SignedIn, key: str) -> Response:
    """Publish the calendar with what the text adds."""
    try:
        import_calendar(
            at.house, key, form.entry("text"), _PASTED, Imprint(at.somebody.name, at.now, form.entry("note")[:1000])
        )
    except Unreadable:
        return _checked(at, key, form)
    return at.go(f"/calendars/{key}")


def _checked(at: Reception, key: str, form: Submission) -> Response:
    text, findings, found = form.entry("text"), tuple[Finding, ...](), None
    try:
        found = preview(at.house, key, text, _PASTED)
        year = found.published_until.year if found.changes else None
    except Unreadable as error:
        findings, year = error.findings, None
    return _calendar(at, key, year=year, text=text, findings=findings, found=found)


def _calendar(at: Reception, key: str, *, year: int | None = None, **more: Any) -> Response:
    view = calendar_year(at.house, key, year, at.language, at.now)
    return at.page(
        "calendar.html",
        view=view,
        office=at.may("keep calendars"),
        **{"text": "", "findings": (), "found": None, **more},
    )
