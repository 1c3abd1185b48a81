"""Files that are kept: their kind is told by their first bytes, not by their name.

Bytes are kept under their digest, once. What a file was called belongs to its upload: the answer of a form holds the upload's key, under which
lies the name and whose bytes it has, so that of two people who upload the same each sees their own name.
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
from huying.house.picture import cleaned, is_heic

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
        "只收图片（JPG、PNG、GIF、WebP、HEIC）和 PDF 文件。",
        "Only pictures (JPG, PNG, GIF, WebP, HEIC) and PDF files are taken.",
    )


def taken(content: bytes) -> bytes:
    """The bytes that are kept of what was sent; ``WrongFile`` or ``TooLarge`` if it is not taken."""
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    return cleaned(content) if is_heic(content) or media_type(content).startswith("image/") else content


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken in: the reference for a form's field (``file:`` and its key), its name, media type and size in bytes."""

    reference: str
    name: str
    media_type: str
    size: int

    @property
    def digest(self) -> str:
        """Under which key it is read: the SHA-256 of its bytes, or of its upload."""
        return Reference.parse(self.reference).key


def store(folder: Path, name: str, content: bytes) -> Kept:
    """Keep a file's bytes, once; ``TooLarge`` or ``WrongFile`` if it is not taken. What it is called is for the caller to remember."""
    whole = taken(content)
    kind, digest = media_type(whole), hashlib.sha256(whole).hexdigest()
    path = _place(folder, digest)
    _once(path, whole)
    called = f"{Path(name).stem}.jpg" if is_heic(content) else name
    return Kept(reference("file", digest), _clean(called), kind, len(whole))


def keep(folder: Path, name: str, content: bytes) -> Kept:
    """Keep a file that a form's field will refer to by its upload: the bytes and what they are called. Errors as of ``store``."""
    kept = store(folder, name, content)
    upload = hashlib.sha256(f"{kept.digest} {kept.name}".encode()).hexdigest()
    beside = _named(folder, upload)
    said = {"name": kept.name, "media_type": kept.media_type, "digest": kept.digest}
    _once(beside, json.dumps(said, ensure_ascii=False).encode())
    return replace(kept, reference=reference("file", upload))


def hold(folder: Path, key: str) -> bool:
    """Whether a file is there, by the key of its upload or of its bytes. Whoever asks is about to name it: it is new again, and not removed."""
    if not _DIGEST.fullmatch(key):
        return False
    said = _said(folder, key)
    if said is None:
        return _touched(_place(folder, key))
    return _touched(_place(folder, said["digest"])) and _touched(_named(folder, key))


def kept_name(folder: Path, key: str) -> str | None:
    """What a kept file was called; ``None`` if it was not kept for a form."""
    said = _said(folder, key)
    return said["name"] if said else None


def _said(folder: Path, key: str) -> dict[str, str] | None:
    beside = _named(folder, key) if _DIGEST.fullmatch(key) else None
    found: dict[str, str] | None = json.loads(beside.read_text("utf-8")) if beside and beside.is_file() else None
    return found


def read(folder: Path, digest: str) -> bytes:
    """A file's bytes by its digest; ``NotFound`` if there is none."""
    path = _place(folder, digest)
    if not _DIGEST.fullmatch(digest) or not path.is_file():
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return path.read_bytes()


def read_kept(folder: Path, key: str) -> tuple[Kept, bytes]:
    """A file by the key of its upload (before there were such keys: of its bytes), and its bytes; ``NotFound`` if there is none."""
    said = _said(folder, key) or {}
    content = read(folder, said.get("digest", key))
    return Kept(reference("file", key), said.get("name", key[:12]), media_type(content), len(content)), content


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _clean(name: str) -> str:
    """The last part of a file's name, without characters that a header or a file system could misread."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?').strip()[-150:] or "file"


def _named(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / f"{digest}.json"


def _once(path: Path, content: bytes) -> None:
    """Write what is not there yet; what is there is new again, so that it is not removed as left over while it is about to be named."""
    if not _touched(path):
        _write(path, content)


def _touched(path: Path) -> bool:
    """Whether it is there; then it is new again."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
