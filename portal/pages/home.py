"""The first page, the stations, and the choice of language."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from huying.issues.views.tasks import my_tasks
from huying.locale import known_language
from huying.processes.view import definitions_in_force
from huying.register.view import station_list
from portal.frame.here import Here
from portal.frame.page import go, page, set_cookie
from portal.frame.reader import LANGUAGE, Reading, kind_of

router = APIRouter()
_FIRST = 8
_MOST_URGENT = 3


@router.get("/")
def home(request: Request, here: Here, reading: Reading, station: str = "") -> Response:
    """What this is, and the ways in; ``/?station=CODE`` is for the wall of a station."""
    lines = station_list(here.house, reading.language)
    person = reading.person.participant_id if reading.person else None
    return page(
        request,
        reading,
        "home.html",
        urgent=my_tasks(here.house, person, reading.language, here.clock(), _MOST_URGENT) if person else (),
        definitions=definitions_in_force(here.house, reading.language, here.clock(), kind_of(reading)),
        stations=lines[:_FIRST],
        station=next((line for line in lines if line.code == station), None),
        mailbox=here.config.mailbox is not None,
    )


@router.get("/stations")
def stations(request: Request, here: Here, reading: Reading, q: str = "") -> Response:
    """All stations, or those whose name, area or code holds what is sought."""
    sought = q.strip().lower()
    lines = station_list(here.house, reading.language)
    found = [one for one in lines if sought in f"{one.name} {one.area} {one.code}".lower()]
    definitions = definitions_in_force(here.house, reading.language, here.clock(), kind_of(reading))
    return page(request, reading, "stations.html", stations=found, q=q, definitions=definitions)


@router.get("/language")
def language(request: Request, reading: Reading, to: str = "zh", back: str = "/") -> Response:
    """Remember a language, and go back to where the reader was."""
    answer = go(request, reading, local(back))
    set_cookie(request, answer, LANGUAGE, known_language(to) or "zh", 180 * 24 * 3600)
    return answer


def local(address: str) -> str:
    """An address of this portal; anything else becomes the first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/"
