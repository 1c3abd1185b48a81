"""Incidents, for those who look after stations: which there are, and having them tried again or going on without, one or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.incidents.correction import correct
from huying.incidents.remedy import became, right
from huying.incidents.supply import supply
from huying.incidents.view import IncidentFilter, all_of, incident_list, incident_view
from huying.issues.views.choices import choices
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("put right incidents")])


@router.get("/incidents")
def incidents(at: SignedIn, status: str = "open", station: str = "", kind: str = "", since: str = "") -> Response:
    """The list."""
    return _shown(at, IncidentFilter(status, station, kind, since))


@router.get("/incidents/{incident}")
def incident(at: SignedIn, incident: Number) -> Response:
    """One of them, and what can be done about it."""
    return _one(at, incident)


@router.post("/incidents/{incident}/answer")
def answer(form: Submitted, at: SignedIn, incident: Number) -> Response:
    """Go on with the answer that a failed call should have brought."""
    if form.pending:
        seen = incident_view(at.house, at.somebody.participant_id, incident, at.language)
        form = form.with_files(at.house.store, seen.asked, at.person_id)
    try:
        if form.faults:
            raise Invalid(form.faults)
        supply(at.house, incident, form.fields, form.entry("reason")[:500], at.by(form.request_id))
    except Invalid as wrong:
        return _one(at, incident, wrong.errors, form.fields, {"reason": form.entry("reason")[:500]})
    return at.go(f"/incidents/{incident}")


@router.post("/incidents/{incident}/address")
def new_address(form: Submitted, at: SignedIn, incident: Number) -> Response:
    """Correct the address to which it went, and have it tried again."""
    try:
        correct(at.house, incident, form.entry("address"), at.by(form.request_id))
    except Invalid as wrong:
        return _one(at, incident, wrong.errors, said={"address": form.entry("address")[:500]})
    return at.go(f"/incidents/{incident}")


def _one(
    at: Reception,
    number: int,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    entered: Mapping[str, Any] | None = None,
    said: Mapping[str, str] | None = None,
) -> Response:
    seen = incident_view(at.house, at.somebody.participant_id, number, at.language)
    names = choices(at.house, seen.asked.values(), at.language, entered=entered)
    return at.page(
        "incident.html",
        422 if errors else 200,
        seen=seen,
        errors=errors or {},
        entered=entered or {},
        names=names,
        said=said or {},
    )


@router.post("/incidents")
def put_right(form: Submitted, at: SignedIn) -> Response:
    """Have those that were chosen tried again, or go on without them."""
    wanted = IncidentFilter(
        form.entry("status") or "open", form.entry("station"), form.entry("kind"), form.entry("since")
    )
    person, do = at.somebody.participant_id, form.entry("do")
    several = (form.entry("of") == "all" and all_of(at.house, person, wanted, at.now)) or _chosen(form)
    if do == "look":
        return _shown(at, wanted, chosen=several, became=became(at.house, several, person))
    try:
        reason = form.entry("reason")[:500]
        righted = right(at.house, several, "skip" if do == "skip" else "retry", reason, at.by(form.request_id))
    except Invalid as wrong:
        return _shown(at, wanted, errors=wrong.errors, status=422)
    return _shown(at, wanted, righted=righted, did=do, chosen=several)


def _chosen(form: Submission) -> list[int]:
    named = (name.removeprefix("incident.") for name in form.entries if name.startswith("incident."))
    return [int(one) for one in named if one.isascii() and one.isdigit() and len(one) < 19]


def _shown(at: Reception, wanted: IncidentFilter, status: int = 200, **more: Any) -> Response:
    """The list; ``more`` tells what became of those that were chosen."""
    seen = incident_list(at.house, at.somebody.participant_id, wanted, at.language, at.now)
    nothing: dict[str, Any] = {"righted": None, "did": "", "chosen": (), "became": None, "errors": {}}
    return at.page("incidents.html", status, seen=seen, wanted=wanted, **{**nothing, **more})
