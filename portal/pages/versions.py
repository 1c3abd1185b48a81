"""Versions of a process, for staff: what each changed and from when it holds; administrators withdraw one or publish an earlier one once more."""

from __future__ import annotations

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.step import STAGES
from engine.refusal import NotAllowed, Refusal
from huying.access.viewer import Viewer
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.processes.gate import lines
from huying.processes.publication import roll_back, withdraw
from huying.processes.versions_view import version_lines, version_view
from huying.words.stages import stage_title
from portal.frame.bounds import Number
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, SignedIn, person_of
from portal.frame.submission import Submitted

router = APIRouter()


@router.get("/definitions/{key}/versions")
def versions(request: Request, here: Here, reading: SignedIn, key: str) -> Response:
    """All of them."""
    _staff(reading)
    found = version_lines(here.house, key, reading.language, here.clock())
    return page(request, reading, "versions.html", key=key, lines=found)


@router.get("/definitions/{key}/versions/{number}")
def version(request: Request, here: Here, reading: SignedIn, key: str, number: Number) -> Response:
    """One, beside the one before."""
    _staff(reading)
    return _shown(request, here, reading, key, number)


@router.post("/definitions/{key}/versions/{number}")
def decide(request: Request, form: Submitted, here: Here, reading: SignedIn, key: str, number: Number) -> Response:
    """Withdraw it, or publish what it says once more."""
    person = _staff(reading)
    if person.kind != "administrator":
        raise NotAllowed
    said, now = form.entry("reason")[:500], here.clock()
    try:
        if form.entry("do") == "withdraw":
            withdraw(here.house, key, number, by=person.name, reason=said, now=now)
        else:
            roll_back(here.house, key, number, by=person.name, note=said, now=now)
    except Refusal as refusal:
        if refusal.code != "unavailable":
            raise
        return _shown(request, here, reading, key, number, refusal.message[reading.language], 409)
    return go(request, reading, f"/definitions/{key}/versions")


def _staff(reading: Reader) -> Viewer:
    person = person_of(reading)
    if not person.staff and person.kind != "administrator":
        raise NotAllowed
    return person


def _shown(
    request: Request, here: Portal, reading: Reader, key: str, number: int, refused: str = "", status: int = 200
) -> Response:
    view = version_view(here.house, key, number, reading.language, here.clock())
    titles = {stage: stage_title(stage, reading.language) for stage in STAGES}
    # our own drawing of a checked definition, with every text in it escaped
    picture = Markup(draw(chart(view.definition), reading.language, titles, marks=view.marks)) if view.marks else None
    return page(
        request,
        reading,
        "version.html",
        status,
        key=key,
        view=view,
        picture=picture,
        # what differs stands above already, in the reader's language
        report=lines({**view.report, "against": None}) if view.report else (),
        refused=refused,
        administers=person_of(reading).kind == "administrator",
    )
