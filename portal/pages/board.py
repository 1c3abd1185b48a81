"""The board of deadlines, and the circular that is printed from it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from huying.figures.board import board, circular
from huying.issues.urgency import urgency_titles
from huying.issues.views.list import Filter
from huying.processes.view import definitions_in_force
from huying.words.moments import date_words
from portal.frame.filter import query_of
from portal.frame.here import Here
from portal.frame.page import page
from portal.frame.reader import SignedIn, person_of

router = APIRouter()


@router.get("/board")
def deadlines(request: Request, here: Here, reading: SignedIn, definition: str = "") -> Response:
    """The figures, each of which leads to the list of what was counted."""
    seen = board(here.house, person_of(reading).participant_id, reading.language, here.clock(), definition)
    return page(
        request,
        reading,
        "board.html",
        board=seen,
        titles=urgency_titles(reading.language),
        definitions={line.key: line.title for line in definitions_in_force(here.house, reading.language, here.clock())},
        definition=definition,
        query_of=query_of,
        counted=Filter(definition=definition, status="open", cared_for=True),
    )


@router.get("/board/circular")
def named(request: Request, here: Here, reading: SignedIn, definition: str = "") -> Response:
    """The paper that names what is long overdue."""
    person, now = person_of(reading).participant_id, here.clock()
    seen = circular(here.house, person, reading.language, now, definition)
    titles = {line.key: line.title for line in definitions_in_force(here.house, reading.language, here.clock())}
    today = now.astimezone(here.house.calendars.in_force("china").zone).date()
    return page(
        request,
        reading,
        "circular.html",
        board=seen,
        definition=titles.get(definition, ""),
        today=date_words(today, reading.language),
    )
