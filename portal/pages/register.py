"""The register by page: stations by area, people, departments, code lists, and the log of all changes, which can be taken back."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from huying.assessment.stars import rating_of
from huying.database.tables import register_changes
from huying.errors import NotFound
from huying.register.changes import Stamp, apply
from huying.register.forms import PEOPLE
from huying.register.haves import STATES, nine
from huying.register.permission import may_keep_all, may_keep_station, readable
from huying.register.undo import Undone, undo
from huying.register.views.departments import listed_codes, registered_department, registered_departments
from huying.register.views.log import deeds, log_of
from huying.register.views.people import MOST as PEOPLE_MOST
from huying.register.views.people import PeopleWanted, registered_people, registered_person
from huying.register.views.station import registered_station
from huying.register.views.stations import MOST, StationsSought, Which, station_register
from huying.stations.claims import may_claim
from huying.stations.claims_view import claims_waiting
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter()
#: Of more rows than this nothing is tried out before it is taken back.
_SEEN = 2_000
READ, KEEP, WHOLE = needs("read register"), needs("keep register"), needs("keep whole register")


@router.get("/register", dependencies=[READ])
def register(at: SignedIn, area: str = "", q: str = "", which: Which = "all", page: Number = 1) -> Response:
    """Stations by area; for the staff of stations, their own."""
    sought = StationsSought(area[:40], q[:100], which, readable(at.somebody, at.now), page)
    found = station_register(at.house, at.language, at.now, at.house.day_of(at.now), sought)
    keeps = at.somebody.may("keep register", at.now)
    return at.page("register.html", found=found, sought=sought, most=MOST, keeps=keeps, **_whole(at))


@router.post("/register/nine", dependencies=[WHOLE])
def fill_haves(form: Submitted, at: SignedIn) -> Response:
    """Enter the nine that every station should have, where the list is empty."""
    with at.house.database.writing() as connection:
        apply(connection, nine(), Stamp("page", at.now, at.somebody.participant_id))
    return at.go("/register/codes#haves")


@router.get("/register/stations/{code}", dependencies=[READ])
def station(at: SignedIn, code: str, on: str = "", done: bool = False) -> Response:
    """One station, as it is or was on a day."""
    day = _day(at, on)
    found = registered_station(at.house, code, at.language, day)
    allowed = readable(at.somebody, at.now)
    if allowed is not None and found.id not in allowed:
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    with at.house.database.reading() as connection:
        waiting = claims_waiting(connection, found.id)
    return at.page(
        "register_station.html",
        found=found,
        day=day,
        today=at.house.day_of(at.now),
        keeps=may_keep_station(at.somebody, at.now, found.id),
        claims=found.active and may_claim(at.somebody, at.now, found.id),
        waiting=waiting,
        rating=rating_of(at.house, code, at.language),
        states={key: said.of(at.language) for key, said in STATES.items()},
        request_done=done,
    )


@router.get("/register/people", dependencies=[KEEP])
def people(at: SignedIn, q: str = "", kind: str = "", gone: bool = False, page: Number = 1) -> Response:
    """Everybody but residents."""
    wanted = PeopleWanted(q[:100], kind if kind in PEOPLE else "", gone, page)
    lines, total = registered_people(at.house, at.language, at.house.day_of(at.now), wanted)
    kinds = {key: said.of(at.language) for key, said in PEOPLE.items() if key != "citizen"}
    return at.page(
        "register_people.html", lines=lines, total=total, wanted=wanted, kinds=kinds, most=PEOPLE_MOST, **_whole(at)
    )


@router.get("/register/people/{number}", dependencies=[KEEP])
def person(at: SignedIn, number: Number, done: bool = False) -> Response:
    """One person."""
    found = registered_person(at.house, number, at.language, at.house.day_of(at.now))
    return at.page("register_person.html", found=found, today=at.house.day_of(at.now), request_done=done, **_whole(at))


@router.get("/register/departments", dependencies=[KEEP])
def departments(at: SignedIn) -> Response:
    """Departments and offices, with what they are competent for."""
    lines = registered_departments(at.house, at.language, at.house.day_of(at.now))
    return at.page("register_departments.html", lines=lines, **_whole(at))


@router.get("/register/departments/{code}", dependencies=[KEEP])
def department(at: SignedIn, code: str, done: bool = False) -> Response:
    """One of them."""
    found, log = registered_department(at.house, code, at.language, at.house.day_of(at.now))
    return at.page("register_department.html", found=found, log=log, request_done=done, **_whole(at))


@router.get("/register/codes", dependencies=[KEEP])
def codes(at: SignedIn) -> Response:
    """All code lists."""
    return at.page("register_codes.html", lists=listed_codes(at.house, at.language), **_whole(at))


@router.get("/register/log", dependencies=[WHOLE])
def log(at: SignedIn) -> Response:
    """What was changed together, the newest first."""
    return at.page("register_log.html", deeds=deeds(at.house, at.language), **_whole(at))


@router.get("/register/log/{number}", dependencies=[WHOLE])
def deed(at: SignedIn, number: Number) -> Response:
    """One deed with its rows, and what taking it back would do."""
    one = next((one for one in deeds(at.house, at.language, most=100_000) if one.id == number), None)
    if one is None:
        raise NotFound("没有这次改动。", "There is no such change.")
    lines = log_of(at.house, at.language, register_changes.c.deed_id == number, most=200)
    seen = None if one.undone or one.rows > _SEEN else _undone(at, number, keep=False)
    return at.page("register_deed.html", one=one, lines=lines, seen=seen, back=f"/register/log/{number}")


@router.post("/register/log/{number}/undo", dependencies=[WHOLE])
def take_back(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take a deed back."""
    undone = _undone(at, number, keep=True, why=form.entry("why")[:1000])
    return at.go(f"/register/log/{undone.deed or number}")


def _undone(at: Reception, number: int, *, keep: bool, why: str = "") -> Undone:
    """Take a deed back, or only see what that would do."""
    with at.house.database.writing() as connection:
        inner = connection.begin_nested()
        found = undo(connection, number, Stamp("page", at.now, at.somebody.participant_id, why))
        inner.commit() if keep else inner.rollback()
        return found


def _day(at: Reception, text: str) -> date:
    try:
        return date.fromisoformat(text) if text else at.house.day_of(at.now)
    except ValueError:
        return at.house.day_of(at.now)


def _whole(at: Reception) -> dict[str, bool]:
    """Whether who reads keeps the register of the whole house."""
    return {"whole": may_keep_all(at.somebody, at.now)}
