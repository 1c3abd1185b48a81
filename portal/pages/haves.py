"""What stations have: said by the station with its evidence, checked by the level above, and shown as it came about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import words
from engine.refusal import Refusal
from huying.errors import NotFound, TooLarge, WrongFile
from huying.house.kept import keep
from huying.register.haves import STATES
from huying.register.permission import readable
from huying.stations.claims import (
    CHECK,
    CLAIM,
    EXTENTS,
    MOST_FILES,
    Check,
    HaveClaim,
    WrongClaim,
    check,
    enter,
    may_check,
)
from huying.stations.claims_view import HaveCourse, claim_desk, have_course
from portal.frame.bounds import Number
from portal.frame.file import office_answer
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter()
READ = needs("read register")


@router.get("/register/haves", dependencies=[READ])
def desk(at: SignedIn, done: bool = False) -> Response:
    """What waits to be checked, and what one's own stations should see to."""
    return _desk(at, "", request_done=done)


@router.post("/register/haves/{number}", dependencies=[needs(CHECK)])
def checked(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Accept a claim, or return it."""
    done = Check(number, form.entry("do") == "accept", form.entry("remark"), _day(form.entry("until")))
    try:
        check(at.house, done, at.somebody, at.now)
    except WrongClaim as refusal:
        return _desk(at, words(refusal.message, at.language), status=422)
    return at.go("/register/haves?done=true")


@router.get("/register/stations/{code}/haves/{have}", dependencies=[READ])
def course(at: SignedIn, code: str, have: str, done: bool = False) -> Response:
    """One thing at one station: how it stands, and how it came to that."""
    return _course(at, _seen(at, code, have), {}, {}, request_done=done)


@router.post("/register/stations/{code}/haves/{have}", dependencies=[needs(CLAIM)])
def claimed(form: Submitted, at: SignedIn, code: str, have: str) -> Response:
    """Say how it stands."""
    seen = _seen(at, code, have)
    try:
        files = _files(at, form)
        until = form.entry("until")
        if until and _day(until) is None:
            raise WrongClaim("until", "日期写成 2027-01-31 的样子。", "Write the day like 2027-01-31.")
        said = HaveClaim(code, have, form.entry("extent"), form.entry("evidence"), files, _day(until))
        enter(at.house, said, at.somebody, at.now)
    except WrongClaim as refusal:
        wrong = {refusal.field: words(refusal.message, at.language)}
        return _course(at, seen, form.entries, wrong, status=422)
    return at.go(f"/register/stations/{code}/haves/{have}?done=true")


@router.get("/register/stations/{code}/haves/{have}/files/{key}", dependencies=[READ])
def file(at: SignedIn, code: str, have: str, key: str) -> Response:
    """A file beside a claim."""
    seen = _seen(at, code, have)
    if key not in {name for claim in seen.claims for name, _ in claim.files}:
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return office_answer(at.here, key, at.somebody.participant_id)


def _files(at: Reception, form: Submission) -> tuple[str, ...]:
    if len(form.files) > MOST_FILES:
        raise WrongClaim("files", f"最多附 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files.")
    try:
        kept = [keep(at.house.store, one.name, one.content, at.person_id) for one in form.files]
    except (TooLarge, WrongFile) as refusal:
        told: Refusal = refusal
        raise WrongClaim("files", words(told.message, "zh"), words(told.message, "en")) from None
    return tuple(one.reference for one in kept)


def _seen(at: Reception, code: str, have: str) -> HaveCourse:
    """The course, if whoever reads may read the station's register, or check its claims."""
    seen = have_course(at.house, code, have, (at.language, at.somebody, at.now))
    allowed = readable(at.somebody, at.now)
    if allowed is not None and seen.station not in allowed and not may_check(at.somebody, at.now, seen.station):
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    return seen


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _desk(at: Reception, problem: str, status: int = 200, *, request_done: bool = False) -> Response:
    found = claim_desk(at.house, at.language, at.now, at.somebody)
    return at.page(
        "haves.html",
        status,
        found=found,
        problem=problem,
        request_done=request_done,
        states={key: said.of(at.language) for key, said in STATES.items()},
        extents={key: said.of(at.language) for key, said in EXTENTS.items()},
        back="/register/haves",
    )


def _course(
    at: Reception,
    seen: HaveCourse,
    entered: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int = 200,
    *,
    request_done: bool = False,
) -> Response:
    return at.page(
        "have.html",
        status,
        found=seen,
        entered=entered,
        wrong=wrong,
        request_done=request_done,
        states={key: said.of(at.language) for key, said in STATES.items()},
        extents={key: said.of(at.language) for key, said in EXTENTS.items()},
        back=f"/register/stations/{seen.code}/haves/{seen.have}",
    )
