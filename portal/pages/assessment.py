"""Assessment: everybody's points for the office, one's own with every point explained, and the circular of duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path
from starlette.responses import Response

from definitions.text import COLON, LISTED, Said, words
from huying.assessment.explanation import (
    KEEP,
    USUAL,
    AskedPoints,
    explained_now,
    explained_result,
    explained_station,
    results_of,
)
from huying.assessment.overview import circular, contest, standings, title_of
from huying.assessment.stars import rate_stations
from huying.assessment.tables import NoTable, tables
from huying.assessment.year import begin_year
from huying.audit.record import AuditNote, note
from huying.errors import NotFound
from huying.words.sheet import list_sheet
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN, needs
from portal.frame.submission import Submitted
from portal.pages.register_export import workbook_answer

router = APIRouter()
#: The table by which rooms are compared.
ROOMS = "room-contest"
Year = Annotated[int, Path(ge=1900, le=2200)]
_COLUMNS = (
    (Said("代表团", "Delegation"), 18),
    (Said("代表", "Deputy"), 12),
    (Said("会议出席（半天）", "Attended (half-days)"), 12),
    (Said("应到（半天）", "Called for (half-days)"), 12),
    (Said("请假（半天）", "Excused (half-days)"), 12),
    (Said("缺席（半天）", "Absent (half-days)"), 12),
    (Said("议案建议", "Suggestions"), 10),
    (Said("联系群众", "Contacts"), 10),
    (Said("活动", "Activities"), 10),
    (Said("积分", "Points"), 10),
    (Said("等次", "Grade"), 10),
)


@router.get("/assessment", dependencies=[needs(KEEP)])
def everybody(at: SignedIn, year: int = 0, table: str = "", begun: int = -1, before: int = 0) -> Response:
    """All deputies of a year, by group and points; without a table in force, what to do about that."""
    year, key = _chosen(at, year, table)
    return _standings(at, (year, key), begun, before)


def _standings(at: Reception, of: tuple[int, str], begun: int, before: int, refused: Sequence[str] = ()) -> Response:
    year, key = of
    try:
        found = standings(at.house, key, year, at.language)
        problem = ""
    except NotFound as error:
        found, problem = (), Said(error.message["zh"], error.message["en"]).of(at.language)
    bands: dict[str, int] = {}
    for one in found:
        bands[one.band] = bands.get(one.band, 0) + 1
    return at.page(
        "assessment.html",
        409 if refused else 200,
        refused=refused,
        found=found,
        bands=bands,
        problem=problem,
        year=year,
        this_year=at.house.day_of(at.now).year,
        key=key,
        tables=_titles(at),
        begun=begun,
        before=before,
        back=f"/assessment?year={year}",
    )


@router.post("/assessment/begin", dependencies=[needs(KEEP)])
def begin(form: Submitted, at: SignedIn) -> Response:
    """Begin the assessment of every deputy."""
    said = form.entry("year")
    year = int(said) if len(said) == 4 and said.isascii() and said.isdigit() else at.house.day_of(at.now).year
    year = min(max(year, 2000), 2200)
    done = begin_year(at.house, year, at.by(form.request_id))
    if done.refused:
        told: dict[str, list[str]] = {}
        for name, why in done.refused:
            told.setdefault(words(why, at.language), []).append(name)
        between, then = LISTED.of(at.language), COLON.of(at.language)
        refused = [f"{between.join(names)}{then}{one}" for one, names in told.items()]
        return _standings(at, (year, USUAL), done.begun, done.before, refused)
    return at.go(f"/assessment?year={year}&begun={done.begun}&before={done.before}")


@router.get("/assessment/circular", dependencies=[needs(KEEP)])
def duty_circular(at: SignedIn, year: int = 0, table: str = "") -> Response:
    """The circular of duty, by group, to be printed."""
    year, key = _chosen(at, year, table)
    try:
        lines = circular(at.house, key, year, at.language)
    except NoTable:
        return at.go(f"/assessment?{urlencode({'year': year, 'table': key})}")
    groups: dict[str, list[object]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return at.page("assessment_circular.html", groups=groups, year=year, key=key, back=f"/assessment?year={year}")


@router.get("/assessment/circular.xlsx", dependencies=[needs(KEEP)])
def circular_sheet(at: SignedIn, year: int = 0, table: str = "") -> Response:
    """The same as a sheet."""
    year, key = _chosen(at, year, table)
    try:
        lines = circular(at.house, key, year, at.language)
    except NoTable:
        return at.go(f"/assessment?{urlencode({'year': year, 'table': key})}")
    rows = [
        [
            *(line.group, line.name, str(line.attended), str(line.called), str(line.excused), str(line.absent)),
            *(str(line.suggestions), str(line.contacts), str(line.activities), line.points, line.band),
        ]
        for line in lines
    ]
    with at.house.database.writing() as connection:
        told = AuditNote(what="list-exported", object=f"assessment:{year}", by=at.person_id, detail={"rows": len(rows)})
        note(connection, told)
    title = Said("履职通报", "Circular of duty")
    return workbook_answer(list_sheet(title, _COLUMNS, rows, at.language, 2), "duty.xlsx", title, at)


@router.get("/assessment/rooms", dependencies=[needs(KEEP)])
def rooms(at: SignedIn, year: int = 0, table: str = "", kept: int = -1) -> Response:
    """The contest of the best rooms: every station by a table for stations, in stars where it has any."""
    year, key = _chosen(at, year, table or ROOMS)
    try:
        found, problem = contest(at.house, key, year, at.language), ""
    except NotFound as error:
        found, problem = None, Said(error.message["zh"], error.message["en"]).of(at.language)
    return at.page(
        "assessment_rooms.html",
        found=found,
        problem=problem,
        year=year,
        this_year=at.house.day_of(at.now).year,
        key=key,
        tables={one.key: title_of(one, at.language) for one in tables(at.house) if one.table.of == "stations"},
        kept=kept,
    )


@router.post("/assessment/rooms", dependencies=[needs(KEEP)])
def rated(form: Submitted, at: SignedIn) -> Response:
    """Keep the ratings of a year: from then on stations show their stars."""
    said = form.entry("year")
    year, key = _chosen(
        at, int(said) if len(said) == 4 and said.isascii() and said.isdigit() else 0, form.entry("table")
    )
    kept = rate_stations(at.house, key, year, at.by(form.request_id))
    return at.go(f"/assessment/rooms?{urlencode({'year': year, 'table': key, 'kept': kept})}")


@router.get("/assessment/stations/{code}/{year}", dependencies=[needs("read register")])
def station(at: SignedIn, code: str, year: Year, table: str = ROOMS) -> Response:
    """Where the points of a station come from."""
    try:
        found = explained_station(at.house, code, (table[:60], year), at.somebody, at.language, at.now)
    except NoTable as error:
        return at.page("assessment_none.html", year=year, problem=words(error.message, at.language))
    return at.page(
        "assessment_person.html",
        found=found,
        results=(),
        person_id=None,
        this_year=at.house.day_of(at.now).year,
        own=False,
        key=table,
    )


@router.get("/my/assessment", dependencies=[OWN])
def own(at: SignedIn) -> Response:
    """One's own points of this year."""
    return at.go(f"/assessment/people/{at.somebody.participant_id}/{at.house.day_of(at.now).year}")


@router.get("/assessment/people/{person}/{year}", dependencies=[OWN])
def one(at: SignedIn, person: Number, year: Year, table: str = USUAL) -> Response:
    """What a person's file gives today, and what was kept of the year."""
    reader = at.somebody
    asked = AskedPoints(person, year, table[:60])
    try:
        found = explained_now(at.house, asked, reader, at.language, at.now)
    except NoTable as error:
        return at.page("assessment_none.html", year=year, problem=words(error.message, at.language))
    return at.page(
        "assessment_person.html",
        found=found,
        results=results_of(at.house, person, year, at.language),
        person_id=person,
        this_year=at.house.day_of(at.now).year,
        own=reader.participant_id == person,
        key=table,
    )


@router.get("/assessment/results/{number}", dependencies=[OWN])
def result(at: SignedIn, number: Number) -> Response:
    """A result as it was kept."""
    found = explained_result(at.house, number, at.somebody, at.language, at.now)
    return at.page(
        "assessment_person.html",
        found=found,
        results=(),
        person_id=found.person,
        this_year=at.house.day_of(at.now).year,
        own=at.somebody.participant_id == found.person,
        key=USUAL,
    )


def _chosen(at: Reception, year: int, table: str) -> tuple[int, str]:
    """The year and the table that are asked for; this year, and the usual one, unless told."""
    return (year if 1900 <= year <= 2200 else at.house.day_of(at.now).year), table[:60] or USUAL


def _titles(at: Reception) -> dict[str, str]:
    """The tables that say something of deputies, by key."""
    return {one.key: title_of(one, at.language) for one in tables(at.house) if one.table.of != "stations"}
