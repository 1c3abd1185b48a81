"""The yearly file of a deputy."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from huying.files.view import yearly_file
from portal.frame.bounds import Number
from portal.frame.reception import SignedIn
from portal.frame.right import OWN

router = APIRouter(dependencies=[OWN])
Year = Annotated[int, Path(ge=1900, le=2200)]


@router.get("/files")
def own_file(at: SignedIn) -> Response:
    """One's own file of this year."""
    return at.go(f"/files/{at.somebody.participant_id}/{at.now.year}")


@router.get("/files/{participant_id}/{year}")
def file(at: SignedIn, participant_id: Number, year: Year) -> Response:
    """The file of a person and year."""
    for_whom = at.somebody.participant_id
    found = yearly_file(at.house, participant_id, year, for_whom=for_whom, language=at.language)
    return at.page("file.html", file=found, this_year=at.now.year)
