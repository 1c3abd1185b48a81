"""Whose house this is: the first page of a new house, and the office's settings ever after. For whoever keeps the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said, words
from engine.refusal import Invalid, Refusal
from huying.errors import TooLarge, WrongFile
from huying.house.house import House
from huying.house.office import OfficeEntry, OfficeProfile
from huying.locale import LANGUAGES
from huying.processes.ways import choose_ways, way_choices
from huying.register.changes import Stamp
from huying.register.size import size
from portal.frame.config import SampleCity
from portal.frame.places import Signpost
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import PUBLIC, needs
from portal.frame.submission import Submission, Submitted

router = APIRouter()
_HOUSE = needs("keep house")
_ENTRIES = ("name_zh", "name_en", "address", "calendar")


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """A calendar in words, with its time zone."""

    key: str
    title: str
    zone: str


@router.get("/welcome", dependencies=[_HOUSE])
def welcome(at: SignedIn, done: str = "") -> Response:
    """What is known of the office, to be changed; and what comes next."""
    office = at.house.offices.now()
    return _page(at, _entered(office), done=done)


@router.post("/welcome", dependencies=[_HOUSE])
def settle(form: Submitted, at: SignedIn) -> Response:
    """Keep what was entered."""
    entry = OfficeEntry(
        **{name: form.entry(name) for name in _ENTRIES},
        languages=tuple(one for one in LANGUAGES if form.entry(f"language_{one}")),
        logo=form.files[0].content if form.files else None,
    )
    try:
        at.house.offices.settle(entry, at.house.calendars, at.now)
    except Invalid as wrong:
        return _page(at, _written(form, entry), wrong.errors, status=422)
    except (TooLarge, WrongFile) as wrong:
        return _page(at, _written(form, entry), {"logo": wrong.message}, status=422)
    return at.go("/welcome?done=kept")


@router.post("/welcome/ways", dependencies=[_HOUSE])
def choose(form: Submitted, at: SignedIn) -> Response:
    """Choose what residents can report from the first page."""
    beside = [one.key for one in way_choices(at.house, at.language, at.now) if form.entry(f"way_{one.key}")]
    choose_ways(at.house, form.entry("first"), beside, Stamp("page", at.now, at.somebody.participant_id))
    return at.go("/welcome?done=ways")


@router.post("/welcome/sample", dependencies=[_HOUSE])
def fill(form: Submitted, at: SignedIn) -> Response:
    """Fill the empty register with the sample city."""
    _sample(at).fill(at.house, at.now)
    return at.go("/welcome?done=filled")


@router.post("/welcome/sample/clear", dependencies=[_HOUSE])
def clear(form: Submitted, at: SignedIn) -> Response:
    """Clear the sample city away, if the person has written how many people that are."""
    office, people = at.house.offices.now(), size(at.house).people
    if form.entry("sure") != str(people):
        said = Said(f"请写“{people}”，确认要清除。", f"Please write “{people}” to confirm.")
        return _page(at, _entered(office), refused=said.of(at.language), status=422)
    _sample(at).clear(at.house, at.somebody.participant_id, at.now)
    return at.go("/welcome?done=cleared")


@router.get("/logo", dependencies=[PUBLIC])
def logo(at: Received) -> Response:
    """The office's emblem, for everybody."""
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(at.house.offices.logo(), media_type="image/png", headers=kept)


def _sample(at: Reception) -> SampleCity:
    found = at.here.config.sample
    if found is None:
        raise Refusal(
            "门户已对外，不能填入或清除示例城市。",
            "The portal is open to others: the sample city can neither be filled in nor cleared away.",
        )
    return found


def _entered(office: OfficeProfile) -> dict[str, Any]:
    return {**{name: getattr(office, name) for name in _ENTRIES}, "languages": office.languages}


def _written(form: Submission, entry: OfficeEntry) -> dict[str, Any]:
    return {**{name: form.entry(name) for name in _ENTRIES}, "languages": entry.languages}


def _calendars(house: House, language: str) -> list[CalendarChoice]:
    found = ((key, house.calendars.in_force(key)) for key in house.calendars.known())
    return [CalendarChoice(key, words(one.title, language), one.timezone) for key, one in found]


def _page(
    at: Reception,
    entered: Mapping[str, Any],
    errors: Mapping[str, Mapping[str, str]] | None = None,
    *,
    done: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    office, sample = at.house.offices.now(), at.here.config.sample
    return at.page(
        "welcome.html",
        status,
        office=office,
        entered=entered,
        errors=[(name, words(said, at.language)) for name, said in (errors or {}).items()],
        done=done,
        refused=refused,
        calendars=_calendars(at.house, at.language),
        choices=way_choices(at.house, at.language, at.now),
        counts=size(at.house),
        samples=sample is not None,
        logins=sample.logins if sample and office.sample else "",
        ways=_WAYS,
        back="/welcome",
    )


#: How people and stations come in, in this order.
_WAYS = (
    Signpost("/register/template.xlsx", Said("下载空白表格", "Get the empty workbook"), "download"),
    Signpost("/register/import", Said("导入填好的表格", "Import the workbook you filled in"), "file-up"),
    Signpost("/accounts", Said("邀请他们登录", "Invite them"), "send"),
)
