"""A file as an answer, for whoever may see it: pictures are shown, everything else is saved."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from huying.house.kept import read_kept
from huying.issues.attachments import read_attachment
from huying.issues.record import no_issue
from huying.issues.views.issue import issue_view
from portal.frame.door import Door
from portal.frame.here import Portal

#: As what small pictures are sent.
SMALL = "image/jpeg"


def file_answer(here: Portal, door: Door, sequence: int, *, small: bool = False) -> Response:
    """The bytes, if this person's timeline has the file; ``small``: of a picture, made small."""
    seen = issue_view(here.house, door.issue_id, door.look("zh", here.clock()))
    if all(file.sequence != sequence for file in seen.files):
        raise no_issue()
    added, content = read_attachment(here.house, door.issue_id, sequence)
    if small:
        return _answer(added.name, SMALL, here.thumbnails.of(added.digest, content))
    return _answer(added.name, added.media_type, content)


def kept_answer(here: Portal, door: Door, digest: str, *, small: bool = False) -> Response:
    """The bytes of a file that a field holds, if this person may read the field; ``small`` as above."""
    seen = issue_view(here.house, door.issue_id, door.look("zh", here.clock()))
    if all(file.digest != digest for value in seen.values for file in value.files):
        raise no_issue()
    kept, content = read_kept(here.house.store, digest)
    if small:
        return _answer(kept.name, SMALL, here.thumbnails.of(digest, content))
    return _answer(kept.name, kept.media_type, content)


def _answer(name: str, media_type: str, content: bytes) -> Response:
    shown = "inline" if media_type.startswith("image/") else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
