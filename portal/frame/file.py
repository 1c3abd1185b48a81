"""A file as an answer, for whoever may see it: pictures are shown, everything else is saved."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import Header
from starlette.responses import Response

from definitions.model.reference import reference
from huying.audit.record import AuditNote, note_apart
from huying.house.kept import digest_of, read_kept
from huying.issues.attachments import read_attachment
from huying.issues.record import no_issue
from huying.issues.views.issue import IssueView, issue_view
from huying.shelf.scans import assure_readable
from portal.frame.door import Door
from portal.frame.here import Portal

#: What of a file is asked for, by players of sound and film; who asks for several parts at once gets all of it.
_PART = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
#: The header that asks for a part.
Part = Annotated[str | None, Header(alias="Range", include_in_schema=False)]
#: As what small pictures are sent.
SMALL = "image/jpeg"


def file_answer(here: Portal, door: Door, sequence: int, *, small: bool = False, part: str | None = None) -> Response:
    """The bytes, if this person's timeline has the file; ``small``: of a picture, made small; ``part``: what of it is asked for."""
    seen = issue_view(here.house, door.issue_id, door.look("zh", here.clock()))
    if all(file.sequence != sequence for file in seen.files):
        raise no_issue()
    added, content = read_attachment(here.house, door.issue_id, sequence)
    assure_readable(here.house.store, added.digest, door.participant_id, by_code=door.by_code)
    if small:
        return answer_with(added.name, SMALL, here.thumbnails.of(added.digest, content))
    _note(here, door, seen, added.digest)
    return answer_with(added.name, added.media_type, content, part)


def kept_answer(here: Portal, door: Door, digest: str, *, small: bool = False, part: str | None = None) -> Response:
    """The bytes of a file that a field holds, if this person may read the field; ``small`` as above."""
    seen = issue_view(here.house, door.issue_id, door.look("zh", here.clock()))
    if all(file.digest != digest for value in seen.values for file in value.files):
        raise no_issue()
    bytes_of = digest_of(here.house.store, digest)
    assure_readable(here.house.store, bytes_of, door.participant_id, by_code=door.by_code)
    kept, content = read_kept(here.house.store, digest)
    if small:
        return answer_with(kept.name, SMALL, here.thumbnails.of(digest, content))
    _note(here, door, seen, digest)
    return answer_with(kept.name, kept.media_type, content, part)


def office_answer(here: Portal, key: str, participant_id: int) -> Response:
    """The bytes of a file that belongs to no issue; that this person may see it, the page has decided."""
    assure_readable(here.house.store, digest_of(here.house.store, key), participant_id, by_code=False)
    kept, content = read_kept(here.house.store, key)
    return answer_with(kept.name, kept.media_type, content)


def _note(here: Portal, door: Door, seen: IssueView, digest: str) -> None:
    """Whoever neither works on the issue nor reported it leaves a line."""
    if not seen.works:
        told = AuditNote(
            what="attachment-opened",
            object=reference("issue", seen.number),
            by=door.participant_id,
            via="code" if door.by_code else door.mark,
            detail={"files": [digest[:12]]},
        )
        note_apart(here.house.database.engine, told)


def answer_with(name: str, media_type: str, content: bytes, part: str | None = None) -> Response:
    """The bytes, or the part of them that is asked for: pictures are shown, everything else is saved; nothing in them runs."""
    shown = "inline" if media_type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
    }
    asked = _PART.fullmatch((part or "").strip())
    if asked is None or not any(asked.groups()):
        return Response(content, media_type=media_type, headers=headers)
    first, last = _span(asked[1], asked[2], len(content))
    if first > last:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers, media_type)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte of what is asked for: from one on, to another one, or so many at the end (RFC 9110, 14.1.2)."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
