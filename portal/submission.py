"""Submitted forms: read within bounds, and only if they come from a page of ours."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from engine.refusal import Refusal
from huying.attaching import LARGEST
from huying.errors import TooLarge
from portal.bounds import storable
from portal.reader import Reading

FIELD = "field."
MOST_FILES = 4
_MOST_FIELDS = 300
_LONGEST_PART = 64 * 1024


class StalePage(Refusal):
    """The form's token is not this reader's: the log-in has ended meanwhile, or the form is of another site.

    ``entered`` holds what was written, so that it can be given back.
    """

    code = "stale-page"

    def __init__(self, entered: dict[str, str]) -> None:
        super().__init__(
            "这个页面已过期，刚才的提交没有生效。", "This page has expired; what you submitted had no effect."
        )
        self.entered = entered


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name is a claim, its bytes are within bounds."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """A form: the definition's fields by name, the page's own entries, files, and the request id that makes a repeat harmless."""

    fields: dict[str, Any]
    entries: dict[str, str]
    files: tuple[Upload, ...]
    request_id: str

    def entry(self, name: str) -> str:
        """One of the page's own entries; empty if it is missing."""
        return self.entries.get(name, "").strip()


async def submitted(request: Request, reading: Reading) -> Submission:
    """The form of this request; ``StalePage`` unless it carries the reader's token."""
    async with request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_PART) as form:
        fields, entries = _texts(form)
        if not hmac.compare_digest(entries.pop("form_token", "").encode(), reading.form_token.encode()):
            written = {name: text for name, text in fields.items() if isinstance(text, str)}
            raise StalePage({**written, **entries})
        files = tuple([await _upload(value) for value in _uploads(form)])
    request_id = entries.pop("request_id", "")[:64] or secrets.token_hex(16)
    return Submission(fields, entries, files, request_id)


def _texts(form: FormData) -> tuple[dict[str, Any], dict[str, str]]:
    fields: dict[str, Any] = {}
    entries: dict[str, str] = {}
    for given in form:
        values = [storable(value) for value in form.getlist(given) if isinstance(value, str)]
        if not values:
            continue
        name = storable(given)
        if name.startswith(FIELD):
            fields[name.removeprefix(FIELD)] = values if len(values) > 1 else values[0]
        else:
            entries[name] = values[-1]
    return fields, entries


def _uploads(form: FormData) -> list[UploadFile]:
    return [value for _, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]


async def _upload(file: UploadFile) -> Upload:
    content = await file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    return Upload(file.filename or "file", content)


Submitted = Annotated[Submission, Depends(submitted)]
