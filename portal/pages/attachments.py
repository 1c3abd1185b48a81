"""Files of issues."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from portal.frame.bounds import Number
from portal.frame.door import IssueDoor
from portal.frame.file import Part, file_answer, kept_answer
from portal.frame.here import Here
from portal.frame.right import OWN

router = APIRouter(dependencies=[OWN])


@router.get("/attachments/{issue_id}/{sequence}")
def attachment(here: Here, door: IssueDoor, sequence: Number, small: bool = False, part: Part = None) -> Response:
    """A file of an issue that this person may see."""
    return file_answer(here, door, sequence, small=small, part=part)


@router.get("/attachments/{issue_id}/kept/{digest}")
def kept_file(here: Here, door: IssueDoor, digest: str, small: bool = False, part: Part = None) -> Response:
    """A file that a field of an issue holds."""
    return kept_answer(here, door, digest, small=small, part=part)
