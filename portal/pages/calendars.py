"""The calendars by which deadlines are reckoned: everybody may look at them, the office brings them up to date."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from engine.refusal import NotAllowed
from huying.calendars.imports import import_calendar, preview
from huying.calendars.view import calendar_lines, calendar_year
from portal.frame.bounds import Number
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, Reading, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()

#: What findings call the text that was pasted.
_PASTED = "通知 notice"


@router.get("/calendars")
def calendars(request: Request, here: Here, reading: Reading) -> Response:
    """All of them."""
    return page(request, reading, "calendars.html", calendars=calendar_lines(here.house, reading.language))


@router.get("/calendars/{key}")
def calendar(request: Request, here: Here, reading: Reading, key: str, year: Number | None = None) -> Response:
    """One year of one, month by month."""
    return _calendar(request, here, reading, key, year=year)


@router.post("/calendars/{key}/preview")
def look(request: Request, form: Submitted, here: Here, reading: SignedIn, key: str) -> Response:
    """What a text that was pasted would change."""
    return _checked(request, here, reading, key, form)


@router.post("/calendars/{key}/publish")
def publish(request: Request, form: Submitted, here: Here, reading: SignedIn, key: str) -> Response:
    """Publish the calendar with what the text adds."""
    person = _office(reading)
    try:
        import_calendar(
            here.house, key, form.entry("text"), _PASTED, by=person, note=form.entry("note")[:1000], now=here.clock()
        )
    except Unreadable:
        return _checked(request, here, reading, key, form)
    return go(request, reading, f"/calendars/{key}")


def _office(reading: Reader) -> str:
    """The name of whoever signed in, if they are of the office."""
    person = person_of(reading)
    if not person.office:
        raise NotAllowed
    return person.name


def _checked(request: Request, here: Portal, reading: Reader, key: str, form: Submission) -> Response:
    _office(reading)
    text, findings, found = form.entry("text"), tuple[Finding, ...](), None
    try:
        found = preview(here.house, key, text, _PASTED)
        year = found.published_until.year if found.changes else None
    except Unreadable as error:
        findings, year = error.findings, None
    return _calendar(request, here, reading, key, year=year, text=text, findings=findings, found=found)


def _calendar(
    request: Request, here: Portal, reading: Reader, key: str, *, year: int | None = None, **more: Any
) -> Response:
    view = calendar_year(here.house, key, year, reading.language, here.clock())
    office = reading.person is not None and reading.person.office
    return page(
        request,
        reading,
        "calendar.html",
        view=view,
        office=office,
        **{"text": "", "findings": (), "found": None, **more},
    )
