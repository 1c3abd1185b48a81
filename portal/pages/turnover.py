"""Who leaves, moves or comes with a new term, and stations that close: what changes, and who takes over what, is shown before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from definitions.text import Said, words
from engine.refusal import Refusal
from huying.issues.succession import Going, SuccessionPlan, carried_out, foreseen
from huying.issues.successors import Chosen, TaskOf
from huying.register.changes import Change, Stamp
from huying.register.forms import FORMS, AskedWord, entered
from huying.register.levels import DEPUTY_LEVELS
from huying.register.permission import may_keep_station
from huying.register.turnover import Leaving, NewTerm, WrongDay, closing, deputies_of, leaving, new_term
from huying.register.views.options import options
from huying.register.views.people import registered_person
from huying.register.views.station import registered_station
from huying.rights.refusal import Unentitled
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter()
KEEP, WHOLE = [needs("keep register")], [needs("keep whole register")]
#: What the forms ask, beside one tick for each membership or deputy.
_ASKED = ("do", "first", "last", "level", "station", "organisation", "disable", "why")
_NO_DAY = Said("请填日期，如 2026-12-31。", "Enter a day, such as 2026-12-31.")
#: A choice has an issue, a task and a person, each a number.
_CHOICE, _LONGEST = 3, 16
#: The changes that were asked for, and whose work is handed over from which day on.
Wished = tuple[list[Change], Going]
#: Makes them from what was entered.
Wish = Callable[[Connection], Wished]


@router.get("/register/people/{number}/leave", dependencies=WHOLE)
def leave(request: Request, at: SignedIn, number: Number) -> Response:
    """What changes when somebody leaves or moves, and who takes over what they have."""
    return _leaving(at, number, _asked(request))


@router.post("/register/people/{number}/leave", dependencies=WHOLE)
def left(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Do it."""
    return _leaving(at, number, *_wanted(form))


@router.get("/register/term", dependencies=WHOLE)
def term(request: Request, at: SignedIn) -> Response:
    """A new term: who is elected again, what changes, and who takes over what the others have."""
    return _new_term(at, _asked(request))


@router.post("/register/term", dependencies=WHOLE)
def begun(form: Submitted, at: SignedIn) -> Response:
    """Do it."""
    return _new_term(at, *_wanted(form))


@router.get("/register/stations/{code}/close", dependencies=KEEP)
def close(request: Request, at: SignedIn, code: str) -> Response:
    """What changes when a station closes."""
    return _closing(at, code, _asked(request))


@router.post("/register/stations/{code}/close", dependencies=KEEP)
def closed(form: Submitted, at: SignedIn, code: str) -> Response:
    """Do it."""
    return _closing(at, code, *_wanted(form))


def _wanted(form: Submitted) -> tuple[Mapping[str, str], bool]:
    """What was entered, and whether it is to be done: or the plan is to be looked at once more, with the successors chosen beside it."""
    look = form.entry("do") == "look"
    return ({**form.entries, "do": "plan"} if look else form.entries), not look


def _leaving(at: Reception, number: int, said: Mapping[str, str], keep: bool = False) -> Response:
    found = registered_person(at.house, number, at.language, at.house.day_of(at.now))
    only = [one.id for one in found.spells if said.get(f"leave.{one.id}")]

    def wish(connection: Connection) -> Wished:
        last = _day(said, "last")
        to = _where(connection, said)
        who = Leaving(number, last, only, to, disable=said.get("disable") == "yes")
        return leaving(connection, who, at.house.day_of(at.now)), Going(
            [number], last + timedelta(days=1), _chosen(said)
        )

    seen = {"found": found, "only": only, "options": options(at.house, at.language, _PLACES, {})}
    return _page(at, "register_leave.html", said, wish, f"/register/people/{number}", keep=keep, **seen)


def _new_term(at: Reception, said: Mapping[str, str], keep: bool = False) -> Response:
    level = said.get("level", "") if said.get("level", "") in DEPUTY_LEVELS else ""
    deputies = []
    first = _maybe(said, "first")
    if level and first:
        with at.house.database.reading() as connection:
            deputies = deputies_of(connection, level, first)
    staying = frozenset(one.id for one in deputies if said.get(f"stay.{one.id}"))

    def wish(connection: Connection) -> Wished:
        wanted = NewTerm(level, _day(said, "first"), _day(said, "last"), staying)
        going = [one.id for one in deputies if one.id not in staying]
        return new_term(connection, wanted), Going(going, wanted.first_day, _chosen(said))

    levels = {key: words(one, at.language) for key, one in DEPUTY_LEVELS.items()}
    seen = {"deputies": deputies, "staying": staying, "levels": levels, "level": level}
    return _page(at, "register_term.html", said, wish, "/register/people", keep=keep, **seen)


def _closing(at: Reception, code: str, said: Mapping[str, str], keep: bool = False) -> Response:
    found = registered_station(at.house, code, at.language, at.house.day_of(at.now))
    if not may_keep_station(at.somebody, at.now, found.id):
        raise Unentitled("keep register")
    people = sorted({one.person for one in found.people if one.when == "now"})

    def wish(connection: Connection) -> Wished:
        today = at.house.day_of(at.now)
        successor = _where(connection, {"station": said.get("station", "")})
        changes = closing(connection, code, today, successor[0] if successor else None)
        return changes, Going(people, today + timedelta(days=1), _chosen(said), closing=found.id)

    # what is open there has to go somewhere, so that is asked before there is a plan
    asked = said if found.open and not said.get("station") and not keep else {**said, "do": "plan"}
    places = options(at.house, at.language, _PLACES, {})
    return _page(
        at, "register_close.html", asked, wish, f"/register/stations/{code}", keep=keep, found=found, options=places
    )


def _page(
    at: Reception, template: str, said: Mapping[str, str], wish: Wish, back: str, *, keep: bool, **seen: Any
) -> Response:
    """The form, with the plan once it was asked for; or, done, the way back."""
    plan: SuccessionPlan | None = None
    problem = ""
    stamp = Stamp("page", at.now, at.somebody.participant_id, said.get("why", "")[:1000])
    if said.get("do") == "plan" or keep:
        try:
            with at.house.database.reading() as connection:
                changes, going = wish(connection)
            if keep:
                carried_out(at.house, changes, stamp, going)
                return at.go(f"{back}?done=true")
            plan = foreseen(at.house, changes, going, stamp, at.language)
        except Refusal as refusal:
            problem = words(refusal.message, at.language)
    status = 422 if problem else 200
    shown = {
        "said": {**dict.fromkeys(_ASKED, ""), **said},
        "plan": plan,
        "problem": problem,
        "today": at.house.day_of(at.now),
        "return_to": back,
    }
    return at.page(template, status, back=back, **shown, **seen)


#: Where somebody goes on: a station, or a department.
_PLACES: tuple[AskedWord, ...] = tuple(one for one in FORMS["membership"] if one.word in ("station", "organisation"))


def _where(connection: Connection, said: Mapping[str, str]) -> tuple[int | None, int | None] | None:
    texts = {one.word: said.get(one.word, "") for one in _PLACES}
    values, faults = entered(connection, "membership", texts)
    if faults:
        fault = next(iter(faults.values()))
        raise WrongDay(fault.zh, fault.en)
    station, department = values["station"], values["organisation"]
    if station is None and department is None:
        return None
    return (int(str(station)), None) if station is not None else (None, int(str(department)))


def _chosen(said: Mapping[str, str]) -> Chosen:
    """Who goes on with which task, as it was chosen beside each: ``to.ISSUE.ITEM``."""
    found: dict[TaskOf, int] = {}
    for name, text in said.items():
        word, _, task = name.partition(".")
        parts = (*task.split("."), text)
        if word == "to" and len(parts) == _CHOICE and all(one.isdecimal() and len(one) < _LONGEST for one in parts):
            found[TaskOf(int(parts[0]), int(parts[1]))] = int(text)
    return found


def _asked(request: Request) -> dict[str, str]:
    return {name: text[:200] for name, text in request.query_params.items()}


def _day(said: Mapping[str, str], name: str) -> date:
    day = _maybe(said, name)
    if day is None:
        raise WrongDay(_NO_DAY.zh, _NO_DAY.en)
    return day


def _maybe(said: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(said.get(name, ""))
    except ValueError:
        return None
