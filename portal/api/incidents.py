"""Incidents, for programs that watch over what is stuck."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field

from huying.incidents.righting import MOST, Righted, right
from huying.views.incidents import IncidentFilter, IncidentList, incident_list
from portal.api.caller import Caller, Language
from portal.here import Here

router = APIRouter(tags=["incidents"])
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=64)]


class Wanted(BaseModel):
    """Which incidents to put right; skipping needs a reason."""

    incidents: Annotated[list[int], Field(min_length=1, max_length=MOST)]
    reason: Annotated[str, Field(max_length=500)] = ""


@router.get("/incidents")
def get_incidents(
    here: Here, language: Language, caller: Caller, status: str = "open", station: str = "", kind: str = ""
) -> IncidentList:
    """What is stuck at the caller's stations; ``status``: open, closed or any."""
    return incident_list(here.house, caller, IncidentFilter(status, station, kind), language)


@router.post("/incidents/{do}")
def put_right(here: Here, caller: Caller, do: Literal["retry", "skip"], wanted: Wanted, key: Key) -> Righted:
    """Try them again, or go on without them: ``asked`` = ``done`` + ``refused`` + ``gone``. What was tried again is fixed once it has succeeded."""
    return right(
        here.house, wanted.incidents, do, actor_id=caller, reason=wanted.reason, request_id=key, now=here.clock()
    )
