"""Incidents, for those who look after stations: which there are, and having them tried again or going on without, one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from engine.refusal import Invalid
from huying.incidents.correction import correct
from huying.incidents.remedy import Became, Righted, became, right
from huying.incidents.supply import supply
from huying.incidents.view import IncidentFilter, all_of, incident_list, incident_view
from huying.issues.views.choices import choices
from portal.frame.bounds import Number
from portal.frame.here import Here
from portal.frame.page import go, page
from portal.frame.reader import Reader, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@router.get("/incidents")
def incidents(
    request: Request,
    here: Here,
    reading: SignedIn,
    status: str = "open",
    station: str = "",
    kind: str = "",
    since: str = "",
) -> Response:
    """The list."""
    return _shown(request, here, reading, IncidentFilter(status, station, kind, since))


@router.get("/incidents/{incident}")
def incident(request: Request, here: Here, reading: SignedIn, incident: Number) -> Response:
    """One of them, and what can be done about it."""
    return _one(request, here, reading, incident)


@router.post("/incidents/{incident}/answer")
def answer(request: Request, form: Submitted, here: Here, reading: SignedIn, incident: Number) -> Response:
    """Go on with the answer that a failed call should have brought."""
    given: dict[str, Any] = {
        "actor_id": person_of(reading).participant_id,
        "request_id": form.request_id,
        "now": here.clock(),
    }
    try:
        supply(here.house, incident, form.fields, form.entry("reason")[:500], **given)
    except Invalid as wrong:
        return _one(request, here, reading, incident, wrong.errors, form.fields, {"reason": form.entry("reason")[:500]})
    return go(request, reading, f"/incidents/{incident}")


@router.post("/incidents/{incident}/address")
def new_address(request: Request, form: Submitted, here: Here, reading: SignedIn, incident: Number) -> Response:
    """Correct the address to which it went, and have it tried again."""
    given: dict[str, Any] = {
        "actor_id": person_of(reading).participant_id,
        "request_id": form.request_id,
        "now": here.clock(),
    }
    try:
        correct(here.house, incident, form.entry("address"), **given)
    except Invalid as wrong:
        return _one(request, here, reading, incident, wrong.errors, said={"address": form.entry("address")[:500]})
    return go(request, reading, f"/incidents/{incident}")


def _one(
    request: Request,
    here: Here,
    reading: Reader,
    number: int,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    entered: Mapping[str, Any] | None = None,
    said: Mapping[str, str] | None = None,
) -> Response:
    seen = incident_view(here.house, person_of(reading).participant_id, number, reading.language)
    names = choices(here.house, seen.asked.values(), reading.language, entered=entered)
    return page(
        request,
        reading,
        "incident.html",
        422 if errors else 200,
        seen=seen,
        errors=errors or {},
        entered=entered or {},
        names=names,
        said=said or {},
    )


@router.post("/incidents")
def put_right(request: Request, form: Submitted, here: Here, reading: SignedIn) -> Response:
    """Have those that were chosen tried again, or go on without them."""
    wanted = IncidentFilter(
        form.entry("status") or "open", form.entry("station"), form.entry("kind"), form.entry("since")
    )
    person, do = person_of(reading).participant_id, form.entry("do")
    several = (form.entry("of") == "all" and all_of(here.house, person, wanted, here.clock())) or _chosen(form)
    if do == "look":
        return _shown(request, here, reading, wanted, chosen=several, found=became(here.house, several, person))
    try:
        righted = right(
            here.house,
            several,
            "skip" if do == "skip" else "retry",
            actor_id=person,
            reason=form.entry("reason")[:500],
            request_id=form.request_id,
            now=here.clock(),
        )
    except Invalid as wrong:
        return _shown(request, here, reading, wanted, errors=wrong.errors, status=422)
    return _shown(request, here, reading, wanted, righted=righted, did=do, chosen=several)


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
    chosen: Sequence[int] = (),
    found: Became | None = None,
    errors: object = None,
    status: int = 200,
) -> Response:
    seen = incident_list(here.house, person_of(reading).participant_id, wanted, reading.language, here.clock())
    return page(
        request,
        reading,
        "incidents.html",
        status,
        seen=seen,
        wanted=wanted,
        righted=righted,
        did=did,
        chosen=chosen,
        became=found,
        errors=errors or {},
    )
