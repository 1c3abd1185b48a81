"""The first page, the stations, and the choice of language and display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from huying.duties.today import on_duty_today, receptions_to_come
from huying.locale import known_language
from huying.processes.view import DefinitionLine, definitions_in_force
from huying.publicity.view import published
from huying.register.nearby import MOST, NearLine, station_count, station_line, stations_near, stations_sought
from huying.register.office import emergencies, way_names
from huying.register.successor import closed_sought, closed_station
from portal.frame.bounds import Degrees
from portal.frame.network import on_this_machine
from portal.frame.page import set_cookie
from portal.frame.reader import DENSITY, LANGUAGE, THEME, THEMES, kind_of
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])
_CASES = 4
#: Pages that can stand beside the one way in, by the names that the register gives them.
_PAGES: Mapping[str, tuple[str, str, Said]] = {
    "follow": ("/follow", "search", Said("凭编号和查询码", "by number and code")),
    "stations": ("/stations", "map-pin", Said("找到您的站", "find yours")),
    "duty": ("/duty", "calendar-clock", Said("今天谁值班", "who is there today")),
    "cases": ("/cases", "megaphone", Said("最近办好的", "settled lately")),
}
_USUAL = {"follow": Said("查进度", "Follow"), "stations": Said("就近的站", "Stations")}


@dataclass(frozen=True, slots=True)
class Tile:
    """A way in: its address, its icon, what it is called, and a few words more."""

    address: str
    icon: str
    words: str
    more: str = ""


@router.get("/")
def home(at: Received, station: str = "", over: str = "") -> Response:
    """One way in and a few others, whom to call, who is on duty, the figures of the year; ``/?station=CODE`` is for the wall of a station.

    Whoever works here begins with their work.
    """
    if at.person is not None and at.person.kind != "citizen":
        return at.go("/tasks")
    closed = closed_station(at.house, station, at.language)
    found = closed.successor if closed else station_line(at.house, station, at.language) if station else None
    open_to = definitions_in_force(at.house, at.language, at.now, kind_of(at.reading))
    first, others = tiles(at, open_to, found)
    return at.page(
        "home.html",
        first=first,
        tiles=others,
        station=found,
        closed=closed,
        over=over == "code",
        emergencies=emergencies(at.house, at.language),
        duty=on_duty_today(at.house, at.language, at.now, found.code if found else ""),
        receptions=receptions_to_come(at.house, at.language, at.now, found.code if found else ""),
        figures=at.here.year.figures(at.now),
        cases=published(at.house, at.language, limit=_CASES),
        stations=station_count(at.house),
        mailbox=at.here.config.mailbox is not None and on_this_machine(at.request),
    )


def tiles(at: Reception, open_to: Sequence[DefinitionLine], station: NearLine | None) -> tuple[Tile | None, list[Tile]]:
    """The one way in and those beside it, as the register orders them; where it says nothing, the first process and the usual pages."""
    named = way_names(at.house, at.language)
    known = {line.key: line for line in open_to}
    if not named:
        named = {line.key: line.title for line in open_to} | {key: said.of(at.language) for key, said in _USUAL.items()}
    processes = [key for key in named if key in known]
    query = f"?{urlencode({'station': station.code})}" if station else ""
    made: dict[str, Tile] = {}
    for key, words in named.items():
        if key in known:
            title = known[key].title
            made[key] = Tile(f"/report/{key}{query}", "messages-square", words, title if title != words else "")
        elif key in _PAGES:
            address, icon, more = _PAGES[key]
            made[key] = Tile(address, icon, words, more.of(at.language))
    first = made.pop(processes[0], None) if processes else None
    return first, list(made.values())


@router.get("/stations")
def stations(at: Received, q: str = "", latitude: Degrees | None = None, longitude: Degrees | None = None) -> Response:
    """The stations that words find, or those nearest to a position; with neither the first ones."""
    near = latitude is not None and longitude is not None
    if latitude is not None and longitude is not None:
        found = stations_near(at.house, latitude, longitude, at.language)
    else:
        found = stations_sought(at.house, q[:60], at.language)
    first, _ = tiles(at, definitions_in_force(at.house, at.language, at.now, kind_of(at.reading)), None)
    return at.page(
        "stations.html",
        stations=found,
        closed=() if near else closed_sought(at.house, q[:60], at.language),
        q=q,
        near=near,
        first=first,
        total=station_count(at.house),
        most=MOST,
    )


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
