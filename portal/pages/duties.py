"""Duties: who is on duty where and when, for everybody; entering, moving and cancelling, for a station's staff; swapping, for those on duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from fastapi import APIRouter, Request
from starlette.responses import Response

from definitions.text import words
from engine.refusal import Invalid, NotAllowed, Refusal
from huying.duties.own_view import own_duties
from huying.duties.roster import cancel_duty, enter_duty, move_duty
from huying.duties.swaps import answer_swap, ask_swap, withdraw_swap
from huying.duties.view import station_duties, station_number, stations_on_duty
from huying.errors import NotFound
from portal.frame.bounds import Number
from portal.frame.errors import STATUS
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, Reading, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@router.get("/duty")
def duty(request: Request, here: Here, reading: Reading) -> Response:
    """All stations: who is on duty now, and when there is somebody next."""
    found = stations_on_duty(here.house, reading.language, here.clock())
    return page(request, reading, "duty.html", stations=found)


@router.get("/duty/{code}")
def station(request: Request, here: Here, reading: Reading, code: str, done: bool = False) -> Response:
    """One station, with what its staff can change."""
    return _station(request, here, reading, code, done=done)


@router.post("/duty/{code}/enter")
def enter(request: Request, form: Submitted, here: Here, reading: SignedIn, code: str) -> Response:
    """Put somebody on duty."""

    def do(now: datetime, by: int) -> None:
        number = station_number(here.house, code)
        day, begin, end = _when(form)
        enter_duty(
            here.house,
            number,
            day,
            _number(form.entry("person")),
            begin,
            end,
            by=by,
            reason=form.entry("reason"),
            now=now,
        )

    return _changed(request, here, reading, code, form, do)


@router.post("/duty/{code}/{number}/move")
def move(request: Request, form: Submitted, here: Here, reading: SignedIn, code: str, number: Number) -> Response:
    """Move a duty."""

    def do(now: datetime, by: int) -> None:
        day, begin, end = _when(form)
        move_duty(here.house, number, day, begin, end, by=by, reason=form.entry("reason"), now=now)

    return _changed(request, here, reading, code, form, do)


@router.post("/duty/{code}/{number}/cancel")
def cancel(request: Request, form: Submitted, here: Here, reading: SignedIn, code: str, number: Number) -> Response:
    """Cancel a duty."""
    return _changed(
        request,
        here,
        reading,
        code,
        form,
        lambda now, by: cancel_duty(here.house, number, by=by, reason=form.entry("reason"), now=now),
    )


@router.get("/my/duties")
def mine(request: Request, here: Here, reading: SignedIn, done: bool = False) -> Response:
    """One's own duties, requests to swap, and how far one is."""
    return _own(request, here, reading, done=done)


@router.post("/my/duties/{number}/swap")
def swap(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Ask somebody to take a duty, or to exchange it."""

    def do(now: datetime, by: int) -> None:
        to, _, other = form.entry("with").partition(":")
        other_duty = _number(other) if other else None
        note = form.entry("note")
        ask_swap(here.house, number, by=by, to=_number(to), other_duty_id=other_duty, note=note, now=now)

    return _own_changed(request, here, reading, do)


@router.post("/my/swaps/{number}/accept")
def accept(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Take somebody's duty, as they asked."""
    return _own_changed(
        request, here, reading, lambda now, by: answer_swap(here.house, number, by=by, accept=True, now=now)
    )


@router.post("/my/swaps/{number}/refuse")
def refuse(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Refuse, with the reason."""
    reason = form.entry("reason")
    return _own_changed(
        request,
        here,
        reading,
        lambda now, by: answer_swap(here.house, number, by=by, accept=False, reason=reason, now=now),
    )


@router.post("/my/swaps/{number}/withdraw")
def withdraw(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Take one's own request back."""
    return _own_changed(request, here, reading, lambda now, by: withdraw_swap(here.house, number, by=by, now=now))


def _station(
    request: Request,
    here: Portal,
    reading: Reader,
    code: str,
    *,
    done: bool = False,
    problem: str = "",
    status: int = 200,
    entered: Submission | None = None,
) -> Response:
    found = station_duties(here.house, code, reading.language, here.clock(), reading.person)
    entries = {**dict.fromkeys(("person", "day", "begin", "end"), ""), **(entered.entries if entered else {})}
    values = {"found": found, "done": done, "problem": problem, "entries": entries, "back": f"/duty/{code}"}
    return page(request, reading, "duty_station.html", status, **values)


def _changed(
    request: Request, here: Portal, reading: Reader, code: str, form: Submission, do: Callable[[datetime, int], None]
) -> Response:
    """Do it, and show the station's page: with what is wrong, if it cannot be done."""
    try:
        do(here.clock(), person_of(reading).participant_id)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        said, status = _said(refusal, reading.language), STATUS.get(refusal.code, 400)
        return _station(request, here, reading, code, problem=said, status=status, entered=form)
    return go(request, reading, f"/duty/{code}?done=true")


def _own(
    request: Request, here: Portal, reading: Reader, *, done: bool = False, problem: str = "", status: int = 200
) -> Response:
    found = own_duties(here.house, person_of(reading).participant_id, reading.language, here.clock())
    values = {"found": found, "done": done, "problem": problem, "back": "/my/duties"}
    return page(request, reading, "my_duties.html", status, **values)


def _own_changed(request: Request, here: Portal, reading: Reader, do: Callable[[datetime, int], None]) -> Response:
    try:
        do(here.clock(), person_of(reading).participant_id)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        said, status = _said(refusal, reading.language), STATUS.get(refusal.code, 400)
        return _own(request, here, reading, problem=said, status=status)
    return go(request, reading, "/my/duties?done=true")


def _said(refusal: Refusal, language: str) -> str:
    """What is wrong: of a form, what is wrong with its entries."""
    if isinstance(refusal, Invalid):
        return " ".join(words(text, language) for text in refusal.errors.values())
    return words(refusal.message, language)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid({"person": {"zh": "请选择人员。", "en": "Please choose somebody."}})
    return int(text)


def _when(form: Submission) -> tuple[date, time | None, time | None]:
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
    return day, begin, end
