"""Where stations are missing or asleep, whose team is incomplete, and the standard by which that is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from definitions.text import Said, words
from huying.database.tables import codes, participants
from huying.register.haves import LIST
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.register.permission import may_keep_all, readable
from huying.register.standard import Standard, WrongStandard, standard_on, standards, write_standard
from huying.stations.coverage import coverage
from huying.stations.dormancy import remind
from huying.stations.sheet import lacks_sheet
from huying.words.names import named
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted
from portal.pages.register_export import workbook_answer

router = APIRouter()
READ, WHOLE = needs("read register"), needs("keep whole register")
#: A list is shown so far; the sheet has all of it.
_MOST = 100


@router.get("/register/coverage", dependencies=[READ])
def covered(at: SignedIn, area: str = "") -> Response:
    """What is lacking in an area, and the sums of its parts."""
    found = coverage(at.house, at.language, at.now, area[:40], readable(at.somebody, at.now))
    keeps = at.somebody.may("keep register", at.now)
    shown: dict[str, Any] = {"found": found, "area": area[:40], "keeps": keeps, "most": _MOST}
    whole = may_keep_all(at.somebody, at.now)
    done = at.request.query_params.get("done") == "true"
    return at.page("coverage.html", request_done=done, whole=whole, today=at.house.day_of(at.now), **shown)


@router.get("/register/coverage.xlsx", dependencies=[READ])
def sheet(at: SignedIn, area: str = "") -> Response:
    """All of it as a sheet."""
    found = coverage(at.house, at.language, at.now, area[:40], readable(at.somebody, at.now))
    return workbook_answer(lacks_sheet(found, at.language), "coverage.xlsx", Said("覆盖缺口", "coverage"), at)


@router.post("/register/coverage/remind", dependencies=[needs("keep register")])
def reminded(form: Submitted, at: SignedIn) -> Response:
    """Ask the staff of a dormant station to plan something."""
    remind(at.house, form.entry("station")[:40], at.somebody, at.now)
    back = form.entry("area")[:40]
    return at.go(f"/register/coverage?done=true{f'&area={quote(back)}' if back else ''}#dormant")


@router.get("/register/standard", dependencies=[WHOLE])
def standard(at: SignedIn) -> Response:
    """What is demanded of stations today, its versions, and the form of a new one."""
    return _standard(at, None, "")


@router.post("/register/standard", dependencies=[WHOLE])
def demand(form: Submitted, at: SignedIn) -> Response:
    """Write a new version."""
    entered = _entered(form.fields)
    try:
        with at.house.database.writing() as connection:
            write_standard(connection, entered, at.by())
    except WrongStandard as refusal:
        return _standard(at, entered, words(refusal.message, at.language), 422)
    return at.go("/register/standard?done=true")


def _entered(fields: Mapping[str, Any]) -> Standard:
    def several(name: str) -> tuple[str, ...]:
        said = fields.get(name) or []
        return (said,) if isinstance(said, str) else tuple(said)

    def number(name: str) -> int:
        text = str(fields.get(name, "")).strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    try:
        since: date | None = date.fromisoformat(str(fields.get("since", "")))
    except ValueError:
        since = None
    return Standard(
        since=since,
        haves=several("haves"),
        area_levels=several("area_levels"),
        team_levels=several("team_levels"),
        deputy_levels=several("deputy_levels"),
        dormant_days=number("dormant_days"),
        remind_days=number("remind_days"),
        valid_months=number("valid_months"),
        note=str(fields.get("note", ""))[:1000],
    )


def _standard(at: Reception, entered: Standard | None, problem: str, status: int = 200) -> Response:
    today = at.house.day_of(at.now)
    with at.house.database.reading() as connection:
        now = standard_on(connection, today)
        every = standards(connection)
        listed = select(codes.c.code, named(codes.c, at.language)).where(codes.c.list == LIST, codes.c.active)
        haves = {row[0]: row[1] for row in connection.execute(listed.order_by(codes.c.position, codes.c.code))}
        people = {one.written_by for one in every}
        writers = select(participants.c.id, participants.c.name).where(participants.c.id.in_(people))
        names = {row[0]: row[1] for row in connection.execute(writers)}
    return at.page(
        "standard.html",
        status,
        form=entered or now,
        now=now,
        every=every,
        haves=haves,
        area_levels={key: words(one, at.language) for key, one in AREA_LEVELS.items()},
        deputy_levels={key: words(one, at.language) for key, one in DEPUTY_LEVELS.items()},
        names=names,
        today=today,
        problem=problem,
        request_done=at.request.query_params.get("done") == "true",
    )
