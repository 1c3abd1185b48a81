"""Incidents, for those who look after stations: which there are, and having them tried again or going on without, one or many at once."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from engine.refusal import Invalid
from huying.incidents.righting import Righted, right
from huying.views.incidents import IncidentFilter, incident_list
from portal.here import Here
from portal.page import page
from portal.reader import Reader, SignedIn, person_of
from portal.submission import Submission, Submitted

router = APIRouter()


@router.get("/incidents")
def incidents(
    request: Request, here: Here, reading: SignedIn, status: str = "open", station: str = "", kind: str = ""
) -> Response:
    """The list."""
    return _shown(request, here, reading, IncidentFilter(status, station, kind))


@router.post("/incidents")
def put_right(request: Request, form: Submitted, here: Here, reading: SignedIn) -> Response:
    """Have those that were chosen tried again, or go on without them."""
    wanted = IncidentFilter(form.entry("status") or "open", form.entry("station"), form.entry("kind"))
    try:
        righted = right(
            here.house,
            _chosen(form),
            "skip" if form.entry("do") == "skip" else "retry",
            actor_id=person_of(reading).participant_id,
            reason=form.entry("reason")[:500],
            request_id=form.request_id,
            now=here.clock(),
        )
    except Invalid as wrong:
        return _shown(request, here, reading, wanted, errors=wrong.errors, status=422)
    return _shown(request, here, reading, wanted, righted=righted, did=form.entry("do"))


def _chosen(form: Submission) -> list[int]:
    named = (name.removeprefix("incident.") for name in form.entries if name.startswith("incident."))
    return [int(one) for one in named if one.isascii() and one.isdigit() and len(one) < 19]


def _shown(
    request: Request,
    here: Here,
    reading: Reader,
    wanted: IncidentFilter,
    *,
    righted: Righted | None = None,
    did: str = "",
    errors: object = None,
    status: int = 200,
) -> Response:
    seen = incident_list(here.house, person_of(reading).participant_id, wanted, reading.language)
    return page(
        request,
        reading,
        "incidents.html",
        status,
        seen=seen,
        wanted=wanted,
        righted=righted,
        did=did,
        errors=errors or {},
    )
