"""Duties: who is on duty where and when, for everybody; entering, moving and cancelling, for a station's staff; swapping, for those on duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import words
from engine.refusal import Invalid, NotAllowed, Refusal
from huying.assessment.stars import rating_of
from huying.duties.own_view import own_duties
from huying.duties.roster import Shift, cancel_duty, enter_duty, move_duty
from huying.duties.swaps import answer_swap, ask_swap, withdraw_swap
from huying.duties.view import station_duties, station_number, stations_on_duty
from huying.errors import NotFound
from huying.house.by import By
from huying.processes.view import definitions_in_force
from huying.register.successor import closed_station
from portal.frame.bounds import Number
from portal.frame.errors import STATUS
from portal.frame.reader import kind_of
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import OWN, PUBLIC, needs
from portal.frame.submission import Submission, Submitted
from portal.pages.home import tiles

router = APIRouter()


@router.get("/duty", dependencies=[PUBLIC])
def duty(at: Received) -> Response:
    """All stations: who is on duty now, and when there is somebody next."""
    found = stations_on_duty(at.house, at.language, at.now)
    return at.page("duty.html", stations=found)


@router.get("/duty/{code}", dependencies=[PUBLIC])
def station(at: Received, code: str, done: bool = False) -> Response:
    """One station, with what its staff can change."""
    return _station(at, code, done=done)


@router.post("/duty/{code}/enter", dependencies=[needs("keep rota")])
def enter(form: Submitted, at: SignedIn, code: str) -> Response:
    """Put somebody on duty."""

    def do(by: By) -> None:
        number = station_number(at.house, code)
        shift = _when(form)
        enter_duty(at.house, number, _number(form.entry("person")), shift, form.entry("reason"), by)

    return _changed(at, code, form, do)


@router.post("/duty/{code}/{number}/move", dependencies=[needs("keep rota")])
def move(form: Submitted, at: SignedIn, code: str, number: Number) -> Response:
    """Move a duty."""

    def do(by: By) -> None:
        move_duty(at.house, number, _when(form), form.entry("reason"), by)

    return _changed(at, code, form, do)


@router.post("/duty/{code}/{number}/cancel", dependencies=[needs("keep rota")])
def cancel(form: Submitted, at: SignedIn, code: str, number: Number) -> Response:
    """Cancel a duty."""
    return _changed(at, code, form, lambda by: cancel_duty(at.house, number, form.entry("reason"), by))


@router.get("/my/duties", dependencies=[OWN])
def mine(at: SignedIn, done: bool = False) -> Response:
    """One's own duties, requests to swap, and how far one is."""
    return _own(at, done=done)


@router.post("/my/duties/{number}/swap", dependencies=[OWN])
def swap(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Ask somebody to take a duty, or to exchange it."""

    def do(by: By) -> None:
        to, _, other = form.entry("with").partition(":")
        other_duty = _number(other) if other else None
        note = form.entry("note")
        ask_swap(at.house, number, _number(to), by, other_duty_id=other_duty, note=note)

    return _own_changed(at, do)


@router.post("/my/swaps/{number}/accept", dependencies=[OWN])
def accept(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take somebody's duty, as they asked."""
    return _own_changed(at, lambda by: answer_swap(at.house, number, by, accept=True))


@router.post("/my/swaps/{number}/refuse", dependencies=[OWN])
def refuse(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Refuse, with the reason."""
    reason = form.entry("reason")
    return _own_changed(at, lambda by: answer_swap(at.house, number, by, accept=False, reason=reason))


@router.post("/my/swaps/{number}/withdraw", dependencies=[OWN])
def withdraw(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take one's own request back."""
    return _own_changed(at, lambda by: withdraw_swap(at.house, number, by))


def _station(
    at: Reception,
    code: str,
    *,
    done: bool = False,
    problem: str = "",
    status: int = 200,
    entered: Submission | None = None,
) -> Response:
    found = station_duties(at.house, code, at.language, at.now, at.person)
    entries = {**dict.fromkeys(("person", "day", "begin", "end"), ""), **(entered.entries if entered else {})}
    closed = closed_station(at.house, code, at.language)
    open_to = definitions_in_force(at.house, at.language, at.now, kind_of(at.reading)) if closed else ()
    first, _ = tiles(at, open_to, None)
    values = {"found": found, "done": done, "problem": problem, "entries": entries, "back": f"/duty/{code}"}
    return at.page(
        "duty_station.html", status, closed=closed, first=first, rating=rating_of(at.house, code, at.language), **values
    )


def _changed(at: Reception, code: str, form: Submission, do: Callable[[By], None]) -> Response:
    """Do it, and show the station's page: with what is wrong, if it cannot be done."""
    try:
        do(at.by())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        said, status = _said(refusal, at.language), STATUS.get(refusal.code, 400)
        return _station(at, code, problem=said, status=status, entered=form)
    return at.go(f"/duty/{code}?done=true")


def _own(at: Reception, *, done: bool = False, problem: str = "", status: int = 200) -> Response:
    found = own_duties(at.house, at.somebody.participant_id, at.language, at.now)
    values = {"found": found, "done": done, "problem": problem, "back": "/my/duties"}
    return at.page("my_duties.html", status, **values)


def _own_changed(at: Reception, do: Callable[[By], None]) -> Response:
    try:
        do(at.by())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        said, status = _said(refusal, at.language), STATUS.get(refusal.code, 400)
        return _own(at, problem=said, status=status)
    return at.go("/my/duties?done=true")


def _said(refusal: Refusal, language: str) -> str:
    """What is wrong: of a form, what is wrong with its entries."""
    if isinstance(refusal, Invalid):
        return " ".join(words(text, language) for text in refusal.errors.values())
    return words(refusal.message, language)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid({"person": {"zh": "请选择人员。", "en": "Please choose somebody."}})
    return int(text)


def _when(form: Submission) -> Shift:
    """The day and hours that were entered."""
    try:
        day = date.fromisoformat(form.entry("day"))
        begin, end = (time.fromisoformat(form.entry(name)) if form.entry(name) else None for name in ("begin", "end"))
    except ValueError:
        raise Invalid(
            {
                "day": {
                    "zh": "请填写日期和时间，例如 2026-03-25、09:00。",
                    "en": "Enter a day and hours: 2026-03-25, 09:00.",
                }
            }
        ) from None
    if (begin and begin.tzinfo) or (end and end.tzinfo) or not 2000 <= day.year <= 2200:
        raise Invalid({"day": {"zh": "日期或时间不对。", "en": "The day or the hours are wrong."}})
    return Shift(day, begin, end)
