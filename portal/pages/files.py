"""The yearly file of a deputy."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from huying.files.view import yearly_file
from portal.frame.bounds import Number
from portal.frame.here import Here
from portal.frame.page import go, page
from portal.frame.reader import SignedIn, person_of

router = APIRouter()
Year = Annotated[int, Path(ge=1900, le=2200)]


@router.get("/files")
def own_file(request: Request, here: Here, reading: SignedIn) -> Response:
    """One's own file of this year."""
    return go(request, reading, f"/files/{person_of(reading).participant_id}/{here.clock().year}")


@router.get("/files/{participant_id}/{year}")
def file(request: Request, here: Here, reading: SignedIn, participant_id: Number, year: Year) -> Response:
    """The file of a person and year."""
    for_whom = person_of(reading).participant_id
    found = yearly_file(here.house, participant_id, year, for_whom=for_whom, language=reading.language)
    return page(request, reading, "file.html", file=found, this_year=here.clock().year)
