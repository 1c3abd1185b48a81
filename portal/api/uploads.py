"""Files for the fields of forms: kept first, then named in a form by their reference."""

from __future__ import annotations

from fastapi import APIRouter, File, Request, UploadFile
from pydantic import BaseModel

from engine.refusal import Invalid
from huying.house.kept import LARGEST, Kept, keep
from portal.api.caller import ApiDoor, Caller
from portal.api.keys import by_key
from portal.api.links import ApiLink
from portal.frame.bounds import storable
from portal.frame.brake import uploading
from portal.frame.here import Here, Portal
from portal.frame.right import OWN

router = APIRouter(tags=["uploads"])


class UploadAnswer(BaseModel):
    """A file that was kept; ``reference`` is the value for a field of type ``file``, or one of those for ``files``."""

    reference: str
    name: str
    media_type: str
    size: int


@router.post("/uploads", status_code=201, dependencies=[OWN, by_key("issues:act", bounded=True)])
def upload(here: Here, caller: Caller, file: UploadFile = File()) -> UploadAnswer:
    """Keep a file of at most 10 MB for a form, of a kind that the office takes."""
    return _kept(here, file, caller)


@router.post("/issues/{issue_id}/uploads", status_code=201, dependencies=[OWN, by_key("issues:act", bounded=True)])
def upload_for_issue(request: Request, here: Here, door: ApiDoor, file: UploadFile = File()) -> UploadAnswer:
    """The same for whoever has an issue's code."""
    return _kept(here, file, door.participant_id, request if door.by_code else None)


@router.post("/links/{token}/uploads", status_code=201, dependencies=[OWN])
def upload_by_link(request: Request, here: Here, door: ApiLink, file: UploadFile = File()) -> UploadAnswer:
    """The same for the recipient of a message."""
    return _kept(here, file, door.participant_id, request)


def _kept(here: Portal, file: UploadFile, by: int, guest: Request | None = None) -> UploadAnswer:
    content = file.file.read(LARGEST + 1)
    if not content:
        raise Invalid({"file": {"zh": "文件是空的。", "en": "The file is empty."}})
    if guest is not None:
        uploading(guest, len(content))
    kept: Kept = keep(here.house.store, storable(file.filename or "file"), content, by)
    return UploadAnswer(reference=kept.reference, name=kept.name, media_type=kept.media_type, size=kept.size)
