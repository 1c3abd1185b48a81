"""Files that are kept: their kind is told by their first bytes, not by their name.

A file is kept under its digest, once. What it was called lies beside it, since the answer of a form holds nothing but the digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from definitions.model.reference import Reference, reference
from huying.errors import NotFound, TooLarge, WrongFile

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


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken in: the reference for a form's field (``file:<sha256>``), its name, media type and size in bytes."""

    reference: str
    name: str
    media_type: str
    size: int

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, in hexadecimal."""
        return Reference.parse(self.reference).key


def store(folder: Path, name: str, content: bytes) -> Kept:
    """Keep a file's bytes, once; ``TooLarge`` or ``WrongFile`` if it is not taken. What it is called is for the caller to remember."""
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    kind, digest = media_type(content), hashlib.sha256(content).hexdigest()
    path = _place(folder, digest)
    if not path.exists():
        _write(path, content)
    return Kept(reference("file", digest), _clean(name), kind, len(content))


def keep(folder: Path, name: str, content: bytes) -> Kept:
    """Keep a file that a form's field will refer to, and beside it what it is called; the first name stays. Errors as of ``store``."""
    kept = store(folder, name, content)
    beside = _named(folder, kept.digest)
    if not beside.exists():
        _write(beside, json.dumps({"name": kept.name, "media_type": kept.media_type}, ensure_ascii=False).encode())
    return replace(kept, name=kept_name(folder, kept.digest) or kept.name)


def kept_name(folder: Path, digest: str) -> str | None:
    """What a kept file was called; ``None`` if it was not kept for a form."""
    beside = _named(folder, digest) if _DIGEST.fullmatch(digest) else None
    return str(json.loads(beside.read_text("utf-8"))["name"]) if beside and beside.is_file() else None


def read(folder: Path, digest: str) -> bytes:
    """A file's bytes by its digest; ``NotFound`` if there is none."""
    path = _place(folder, digest)
    if not _DIGEST.fullmatch(digest) or not path.is_file():
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return path.read_bytes()


def read_kept(folder: Path, digest: str) -> tuple[Kept, bytes]:
    """A file by its digest, and its bytes; ``NotFound`` if there is none."""
    content = read(folder, digest)
    name = kept_name(folder, digest) or digest[:12]
    return Kept(reference("file", digest), name, media_type(content), len(content)), content


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _clean(name: str) -> str:
    """The last part of a file's name, without characters that a header or a file system could misread."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?').strip()[-150:] or "file"


def _named(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.json"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
