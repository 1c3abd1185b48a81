"""Files that are kept: their kind is told by what is in them, and their name has to agree.

Bytes are kept under their digest, once. What a file was called belongs to its upload: the answer of a form holds the upload's key, under which
lies the name and whose bytes it has, so that of two people who upload the same each sees their own name.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from definitions.model.reference import Reference, reference
from huying.errors import NotFound, TooLarge
from huying.house.picture import cleaned
from huying.keys.ring import Sealed
from huying.settings.attachments import USUAL_KINDS
from huying.shelf.kinds import ends_rightly, recognised
from huying.shelf.scans import assure_harmless, receive
from huying.shelf.store import Store

_log = logging.getLogger("huying.files")
LARGEST = 10 * 1024 * 1024
#: Behind the key of an upload: what it was called, beside the bytes.
_SAID = ".json"
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class TakenFile(NamedTuple):
    """What is kept of a file that was sent: its bytes, its media type, and what it is called."""

    content: bytes
    media_type: str
    name: str


def taken(store: Store, name: str, content: bytes) -> TakenFile:
    """What would be kept of what was sent; ``WrongFile`` or ``TooLarge`` if it is not taken."""
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    kind = recognised(_clean(name), content, store.kinds)
    if kind.name == "heic":
        return TakenFile(cleaned(content), "image/jpeg", f"{PurePosixPath(_clean(name)).stem}.jpg")
    return TakenFile(cleaned(content) if kind.picture else content, kind.media_type, ends_rightly(_clean(name), kind))


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


def put(store: Store, name: str, content: bytes, by: int | None = None) -> Kept:
    """Keep a file's bytes, once; ``TooLarge`` or ``WrongFile`` if it is not taken. What it is called is for the caller to remember.

    Until a scanner has looked at it, whoever uploads it (``by``) alone sees it.
    """
    whole = taken(store, name, content)
    digest = hashlib.sha256(whole.content).hexdigest()
    receive(store, digest, whole.content, by)
    store.put(digest, whole.content)
    return Kept(reference("file", digest), whole.name, whole.media_type, len(whole.content))


def keep(store: Store, name: str, content: bytes, by: int | None = None) -> Kept:
    """Keep a file that a form's field will refer to by its upload: the bytes and what they are called. Errors as of ``put``."""
    kept = put(store, name, content, by)
    upload = hashlib.sha256(f"{kept.digest} {kept.name}".encode()).hexdigest()
    said = {"name": kept.name, "media_type": kept.media_type, "digest": kept.digest}
    store.put(upload + _SAID, json.dumps(said, ensure_ascii=False).encode())
    return replace(kept, reference=reference("file", upload))


def hold(store: Store, key: str) -> bool:
    """Whether a file is there, by the key of its upload or of its bytes. Whoever asks is about to name it: it is new again, and not removed."""
    if not _DIGEST.fullmatch(key):
        return False
    said = said_of(store, key)
    if said is None:
        return store.touch(key)
    return store.touch(said["digest"]) and store.touch(key + _SAID)


def kept_name(store: Store, key: str) -> str | None:
    """What a kept file was called; ``None`` if it was not kept for a form."""
    said = said_of(store, key)
    return said["name"] if said else None


def said_of(store: Store, key: str) -> dict[str, str] | None:
    """What stands beside an upload: its ``name``, its ``media_type`` and the ``digest`` of its bytes; ``None`` if there is none."""
    content = store.get(key + _SAID) if _DIGEST.fullmatch(key) else None
    return None if content is None else dict(json.loads(content))


def read(store: Store, digest: str) -> bytes:
    """A file's bytes by its digest; ``NotFound`` if there is none, ``LockedAway`` if a virus was found in it, whoever asks."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound("没有这个附件。", "There is no such attachment.")
    assure_harmless(store, digest)
    try:
        content = store.get(digest)
    except Sealed as damaged:
        _log.error("a file does not open: %s", damaged)
        raise NotFound(
            "这个附件已损坏，打不开，请联系管理员从备份恢复。",
            "This file is damaged and cannot be opened; ask the administrator to take it from a backup.",
        ) from None
    if content is None:
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return content


def digest_of(store: Store, key: str) -> str:
    """The digest of the bytes that belong to the key of an upload, or to themselves."""
    return (said_of(store, key) or {}).get("digest", key)


def read_kept(store: Store, key: str) -> tuple[Kept, bytes]:
    """A file by the key of its upload (before there were such keys: of its bytes), and its bytes; ``NotFound`` if there is none."""
    said = said_of(store, key) or {}
    content = read(store, said.get("digest", key))
    # before there were keys, pictures and PDFs alone were taken
    kind = said.get("media_type") or recognised("", content, USUAL_KINDS).media_type
    return Kept(reference("file", key), said.get("name", key[:12]), kind, len(content)), content


def _clean(name: str) -> str:
    """The last part of a file's name, without characters that a header or a file system could misread."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?').strip()[-150:] or "file"
