"""Yearly files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from huying.files.activity import YearlyFile, yearly_file
from portal.api.caller import Caller, Language
from portal.api.keys import by_key
from portal.frame.bounds import Number
from portal.frame.here import Here
from portal.frame.right import OWN

router = APIRouter(tags=["files"], dependencies=[OWN, by_key("figures:read")])


@router.get("/files/{participant_id}/{year}")
def get_file(
    here: Here,
    language: Language,
    caller: Caller,
    participant_id: Number,
    year: Annotated[int, Path(ge=1900, le=2200)],
) -> YearlyFile:
    """The file of a person and year."""
    return yearly_file(here.house, participant_id, year, for_whom=caller, language=language)
