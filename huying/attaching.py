"""Files that people add to an issue: their kind is told by their first bytes, not by their name."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from engine import codec
from engine.event import Attach
from huying.deciding import Receipt, change
from huying.errors import NotFound, TooLarge, WrongFile
from huying.house import House
from huying.tables import history
from huying.views.sight import may_see

LARGEST = 10 * 1024 * 1024
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
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
