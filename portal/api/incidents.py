"""Incidents, for programs that watch over what is stuck."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, Field

from huying.incidents.correction import correct
from huying.incidents.remedy import MOST, Became, Righted, became, right
from huying.incidents.supply import supply
from huying.incidents.view import IncidentFilter, IncidentList, all_of, incident_list
from huying.issues.decision import Receipt
from portal.api.caller import Caller, Language
from portal.api.keys import by_key, called
from portal.api.right import needs
from portal.frame.bounds import Body, Number
from portal.frame.here import Here

router = APIRouter(tags=["incidents"], dependencies=[needs("put right incidents"), by_key("issues:act")])
#: So many of a filter are done before the answer is given.
AT_ONCE = 200
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=64)]


class Wanted(Body):
    """Which incidents to put right; skipping needs a reason."""

    incidents: Annotated[list[Number], Field(min_length=1, max_length=MOST)]
    reason: Annotated[str, Field(max_length=500)] = ""


class Sought(BaseModel):
    """Which incidents: ``status`` is open, closed or any; ``since`` day, week or month; ``issue`` those of one, by its id."""

    status: str = "open"
    station: str = ""
    kind: str = ""
    since: str = ""
    issue: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


@router.get("/incidents")
def get_incidents(here: Here, language: Language, caller: Caller, sought: Annotated[Sought, Query()]) -> IncidentList:
    """What is stuck at the caller's stations; ``status``: open, closed or any; ``since``: day, week or month; ``issue``: of one, by its id."""
    return incident_list(here.house, caller, IncidentFilter(**sought.model_dump()), language, here.clock())


class Filtered(Body):
    """All that a filter finds, ``after`` the last one of the answer before; skipping needs a reason."""

    station: str = ""
    kind: str = ""
    since: str = ""
    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    reason: Annotated[str, Field(max_length=500)] = ""


class FilteredAnswer(BaseModel):
    """What became of this part; ``after`` goes on with the next, and is ``None`` when there is none. ``incidents`` are those of this part."""

    righted: Righted
    incidents: tuple[int, ...]
    after: int | None


@router.post("/incidents/all/{do}")
def put_all_right(
    request: Request, here: Here, caller: Caller, do: Literal["retry", "skip"], wanted: Filtered, key: Key
) -> FilteredAnswer:
    """The same with all that a filter finds, part by part; a part that is asked for again does nothing twice."""
    sought = IncidentFilter("open", wanted.station, wanted.kind, wanted.since)
    several = all_of(here.house, caller, sought, here.clock(), wanted.after, AT_ONCE)
    righted = right(here.house, several, do, wanted.reason, called(request, caller, key))
    return FilteredAnswer(righted=righted, incidents=several, after=several[-1] if len(several) == AT_ONCE else None)


@router.post("/incidents/became")
def what_became(here: Here, caller: Caller, wanted: Wanted) -> Became:
    """How incidents stand that were tried again or skipped: ``asked`` = ``fixed`` + ``failing`` + ``running`` + ``skipped`` + ``unknown``."""
    return became(here.house, wanted.incidents, caller)


@router.post("/incidents/{do}")
def put_right(
    request: Request, here: Here, caller: Caller, do: Literal["retry", "skip"], wanted: Wanted, key: Key
) -> Righted:
    """Try them again, or go on without them: ``asked`` = ``done`` + ``refused`` + ``gone``. What was tried again is fixed once it has succeeded."""
    return right(here.house, wanted.incidents, do, wanted.reason, called(request, caller, key))


class GivenAnswer(Body):
    """What the other system would have said, by field of the issue, and why it is given by hand."""

    fields: dict[str, Any]
    reason: Annotated[str, Field(max_length=500)]


class NewAddress(Body):
    """Where the other system, or the recipient, is reached from now on."""

    address: Annotated[str, Field(max_length=500)]


@router.post("/incidents/{incident}/answer")
def give_answer(request: Request, here: Here, caller: Caller, incident: Number, body: GivenAnswer, key: Key) -> Receipt:
    """Go on with the answer that a failed call should have brought."""
    return supply(here.house, incident, body.fields, body.reason, called(request, caller, key))


@router.post("/incidents/{incident}/address")
def correct_address(
    request: Request, here: Here, caller: Caller, incident: Number, body: NewAddress, key: Key
) -> Righted:
    """Correct the address to which it went, and have it tried again; for the office."""
    return correct(here.house, incident, body.address, called(request, caller, key))
