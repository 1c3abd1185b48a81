"""The first page, the stations, and the choice of language and display."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.issues.views.tasks import my_tasks
from huying.locale import known_language
from huying.processes.view import definitions_in_force
from huying.register.view import station_list
from portal.frame.page import set_cookie
from portal.frame.reader import DENSITY, LANGUAGE, THEME, THEMES, kind_of
from portal.frame.reception import Received

router = APIRouter()
_FIRST = 8
_MOST_URGENT = 3


@router.get("/")
def home(at: Received, station: str = "") -> Response:
    """What this is, and the ways in; ``/?station=CODE`` is for the wall of a station."""
    lines = station_list(at.house, at.language)
    person = at.person.participant_id if at.person else None
    return at.page(
        "home.html",
        urgent=my_tasks(at.house, person, at.language, at.now, _MOST_URGENT) if person else (),
        definitions=definitions_in_force(at.house, at.language, at.now, kind_of(at.reading)),
        stations=lines[:_FIRST],
        station=next((line for line in lines if line.code == station), None),
        mailbox=at.here.config.mailbox is not None,
    )


@router.get("/stations")
def stations(at: Received, q: str = "") -> Response:
    """All stations, or those whose name, area or code holds what is sought."""
    sought = q.strip().lower()
    lines = station_list(at.house, at.language)
    found = [one for one in lines if sought in f"{one.name} {one.area} {one.code}".lower()]
    definitions = definitions_in_force(at.house, at.language, at.now, kind_of(at.reading))
    return at.page("stations.html", stations=found, q=q, definitions=definitions)


@router.get("/language")
def language(at: Received, to: str = "zh", back: str = "/") -> Response:
    """Remember a language, and go back to where the reader was."""
    answer = at.go(local(back))
    set_cookie(at.request, answer, LANGUAGE, known_language(to) or "zh", 180 * 24 * 3600)
    return answer


@router.get("/display")
def display(at: Received, density: str | None = None, theme: str | None = None, back: str = "/") -> Response:
    """Remember how large and how bright somebody reads, and go back to where they were; an unknown word is the standard."""
    answer = at.go(local(back))
    if density is not None:
        set_cookie(at.request, answer, DENSITY, density if density == "elder" else "standard", 180 * 24 * 3600)
    if theme is not None:
        set_cookie(at.request, answer, THEME, theme if theme in THEMES else "system", 180 * 24 * 3600)
    return answer


def local(address: str) -> str:
    """An address of this portal; anything else becomes the first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/"
