"""Files of issues; pictures are shown, everything else is saved."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from huying.attaching import read_attachment
from huying.views.issue import issue_view
from huying.views.record import no_issue
from portal.bounds import Number
from portal.door import Door, IssueDoor
from portal.here import Here, Portal

router = APIRouter()


@router.get("/attachments/{issue_id}/{sequence}")
def attachment(here: Here, door: IssueDoor, sequence: Number) -> Response:
    """A file of an issue that this person may see."""
    return file_answer(here, door, sequence)


def file_answer(here: Portal, door: Door, sequence: int) -> Response:
    """The bytes, if this person's timeline has the file."""
    seen = issue_view(here.house, door.issue_id, door.participant_id, "zh", here.clock(), by_code=door.by_code)
    if all(file.sequence != sequence for file in seen.files):
        raise no_issue()
    added, content = read_attachment(here.house, door.issue_id, sequence)
    shown = "inline" if added.media_type.startswith("image/") else "attachment"
    return Response(
        content,
        media_type=added.media_type,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(added.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
