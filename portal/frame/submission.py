"""Submitted forms: read within bounds, and only if they come from a page of ours."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from definitions.model.field import Field
from engine.refusal import Refusal
from huying.errors import TooLarge, WrongFile
from huying.house.kept import LARGEST, keep
from huying.issues.opening import Upload
from huying.shelf.store import Store
from portal.frame.bounds import storable
from portal.frame.brake import uploading
from portal.frame.page import asks_files
from portal.frame.reader import Reading

FIELD = "field."
MOST_FILES = 12
_MOST_FIELDS = 2_000
_LONGEST_PART = 400 * 1024
#: Behind a field's name: the file that it had before, unless another one comes.
_KEPT = "kept"

Message = Mapping[str, str]


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
class Submission:
    """A form: the definition's fields by name, the page's own entries, files, and the request id that makes a repeat harmless.

    A place is a mapping, a table a list of rows. The files of fields are kept by ``with_files`` alone, and stand there as references; ``faults``
    are the fields whose files were not taken, with the reason.
    """

    fields: dict[str, Any]
    entries: dict[str, str]
    files: tuple[Upload, ...]
    request_id: str
    faults: Mapping[str, Message] = field(default_factory=dict)
    pending: tuple[tuple[str, Upload | Refusal], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def with_files(self, store: Store, known: Mapping[str, Field], by: int | None) -> Submission:
        """The same with its files kept, so that they need not be chosen again if the form has errors: those of fields that ask for files.

        What comes for any other name is dropped: nobody would ever name it again.
        """
        if not self.pending:
            return self
        fields, faults = deepcopy(dict(self.raw)), dict(self.faults)
        for name, upload in self.pending:
            asked = known.get(name) or known.get(name.partition(".")[0])
            if asked is None or not asks_files({name: asked}):
                continue
            try:
                if isinstance(upload, Refusal):
                    raise upload
                _beside(fields, name, keep(store, storable(upload.name), upload.content, by).reference)
            except (TooLarge, WrongFile) as refusal:
                faults[name] = refusal.message
        return replace(self, fields=_settled(fields), faults=faults, pending=())

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
        if reading.person is None:
            for _, value in _uploads(form):
                await run_in_threadpool(uploading, request, value.size or 0)
        files = tuple([await _upload(value) for name, value in _uploads(form) if not name.startswith(FIELD)])
        pending = await _pending(form)
    request_id = entries.pop("request_id", "")[:64] or secrets.token_hex(16)
    return Submission(_settled(fields), entries, files, request_id, pending=pending, raw=fields)


def _texts(form: FormData) -> tuple[dict[str, Any], dict[str, str]]:
    fields: dict[str, Any] = {}
    entries: dict[str, str] = {}
    for given in form:
        values = [storable(value) for value in form.getlist(given) if isinstance(value, str)]
        if not values:
            continue
        name = storable(given)
        if name.startswith(FIELD):
            _enter(fields, name.removeprefix(FIELD), values if len(values) > 1 else values[0])
        else:
            entries[name] = values[-1]
    return fields, entries


def _enter(fields: dict[str, Any], name: str, value: Any) -> None:
    """Put a value where its name says: ``place.address`` is a part of a place, ``items.2.amount`` a cell of a table's row."""
    name, *parts = name.split(".")
    if not parts:
        fields[name] = value
        return
    whole = fields.get(name)
    if not isinstance(whole, dict):
        whole = fields[name] = {}
    if len(parts) in (2, 3) and parts[0].isascii() and parts[0].isdigit() and len(parts[0]) < 6:
        row = whole.setdefault(int(parts[0]), {})
        # a file that a cell had before stands in the cell
        row[parts[1] if parts[2:] == [_KEPT] else ".".join(parts[1:])] = value
    else:
        whole[".".join(parts)] = value


def _settled(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with tables as lists of rows in their order, and a file that was kept as the field's own value."""
    return {name: _rows(value) if isinstance(value, dict) else value for name, value in fields.items()}


def _rows(whole: dict[Any, Any]) -> Any:
    numbers = sorted(key for key in whole if isinstance(key, int))
    if numbers:
        return [whole[number] for number in numbers]
    return whole[_KEPT] if set(whole) == {_KEPT} else whole


def _uploads(form: FormData) -> list[tuple[str, UploadFile]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]


async def _upload(file: UploadFile) -> Upload:
    content = await file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    return Upload(file.filename or "file", content)


async def _pending(form: FormData) -> tuple[tuple[str, Upload | Refusal], ...]:
    """The files of fields, or why one is not taken, by the name that the form gives them."""
    found: list[tuple[str, Upload | Refusal]] = []
    for given, file in _uploads(form):
        if not given.startswith(FIELD):
            continue
        try:
            found.append((storable(given).removeprefix(FIELD), await _upload(file)))
        except TooLarge as refusal:
            found.append((storable(given).removeprefix(FIELD), refusal))
    return tuple(found)


def _beside(fields: dict[str, Any], name: str, reference: str) -> None:
    """Enter a file that was kept: it takes the place of the one before; where several may be, it comes beside them."""
    if "." in name:
        _enter(fields, name, reference)
        return
    before = fields.get(name)
    several = before if isinstance(before, list) else [before] if isinstance(before, str) and before else []
    fields[name] = [*several, reference] if several else reference


Submitted = Annotated[Submission, Depends(submitted)]
