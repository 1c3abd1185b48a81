"""Files that people add to an issue, or give as the answer of a form: their kind is told by their first bytes, not by their name.

A file is kept under its digest, once. What it was called lies beside it, since the answer of a form holds nothing but the digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from engine import codec
from engine.event import Attach
from huying.database.tables import history
from huying.errors import NotFound, TooLarge, WrongFile
from huying.house.house import House
from huying.issues.decision import Receipt, change
from huying.issues.sight import may_see

LARGEST = 10 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KINDS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def media_type(content: bytes) -> str:
    """The media type of a picture or PDF; ``WrongFile`` for anything else."""
    for start, kind in _KINDS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise WrongFile(
        "只收图片（JPG、PNG、GIF、WebP）和 PDF 文件。", "Only pictures (JPG, PNG, GIF, WebP) and PDF files are taken."
    )


def attach(
    house: House,
    issue_id: int,
    name: str,
    content: bytes,
    *,
    actor_id: int,
    request_id: str | None,
    now: datetime,
    public: bool = True,
) -> Receipt:
    """Add a file; the bytes are on the disk before the history says so."""
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    kind, digest = media_type(content), hashlib.sha256(content).hexdigest()
    name = _clean(name)
    _store(house.files, digest, content)
    event = Attach(name, kind, len(content), digest, public)
    oversees = may_see(house, issue_id, actor_id)
    return change(house, issue_id, event, actor_id=actor_id, request_id=request_id, now=now, oversees=oversees)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken in: the reference for a form's field (``file:<sha256>``), its name, media type and size in bytes."""

    reference: str
    name: str
    media_type: str
    size: int


def keep(folder: Path, name: str, content: bytes) -> Kept:
    """Keep a file that a form's field will refer to; ``TooLarge`` or ``WrongFile`` if it is not taken. The same bytes are kept once."""
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    kind, digest = media_type(content), hashlib.sha256(content).hexdigest()
    _store(folder, digest, content)
    beside = _named(folder, digest)
    if not beside.exists():
        _write(beside, json.dumps({"name": _clean(name), "media_type": kind}, ensure_ascii=False).encode())
    return Kept(f"file:{digest}", kept_name(folder, digest) or _clean(name), kind, len(content))


def kept_name(folder: Path, digest: str) -> str | None:
    """What a kept file was called; ``None`` if it was not kept for a form."""
    beside = _named(folder, digest) if _DIGEST.fullmatch(digest) else None
    return str(json.loads(beside.read_text("utf-8"))["name"]) if beside and beside.is_file() else None


def read_kept(folder: Path, digest: str) -> tuple[Kept, bytes]:
    """A file by its digest, and its bytes; ``NotFound`` if there is none."""
    path = folder / digest[:2] / digest
    if not _DIGEST.fullmatch(digest) or not path.is_file():
        raise NotFound("没有这个附件。", "There is no such attachment.")
    content = path.read_bytes()
    name = kept_name(folder, digest) or digest[:12]
    return Kept(f"file:{digest}", name, media_type(content), len(content)), content


def read_attachment(house: House, issue_id: int, sequence: int) -> tuple[Attach, bytes]:
    """What the history says of a file that the event ``sequence`` added, and its bytes."""
    query = select(history.c.event).where(
        history.c.issue_id == issue_id, history.c.sequence == sequence, history.c.kind == "attach"
    )
    with house.database.reading() as connection:
        row = connection.execute(query).scalar_one_or_none()
    added = codec.event(row) if row else None
    path = house.files / added.digest[:2] / added.digest if isinstance(added, Attach) else None
    if not isinstance(added, Attach) or path is None or not path.is_file():
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return added, path.read_bytes()


def _clean(name: str) -> str:
    """The last part of a file's name, without characters that a header or a file system could misread."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?').strip()[-150:] or "file"


def _store(folder: Path, digest: str, content: bytes) -> None:
    path = folder / digest[:2] / digest
    if not path.exists():
        _write(path, content)


def _named(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.json"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
