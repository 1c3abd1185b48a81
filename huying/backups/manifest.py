"""The nouns: a backup, as its manifest describes it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from huying.evidence.notary import Notary, is_signed

#: The form of a backup that this program writes; it reads this and all before.
FORMAT = 1
MANIFEST = "manifest.json"
#: What backups in a folder share, if they are sealed for the same keys: attachments, each kept once.
FILES = "files"
_NAME = "%Y%m%dT%H%M%SZ"
_NAMED = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


class Part(msgspec.Struct, frozen=True):
    """A file of a backup, as it lies there: its path below the folder, its size in bytes, and its SHA-256."""

    path: str
    size: int
    digest: str


class Holdings(msgspec.Struct, frozen=True):
    """What the house held: how many issues, entries of their histories and people; ``root`` is made of the last hash of each issue, in order."""

    issues: int
    entries: int
    people: int
    root: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is, and of what it consists.

    ``taken_at``: all that was committed until then is in it. ``tables``: the version of the tables. ``database`` is a file of its own, ``files``
    are the attachments by their path in the house. ``sealed_for``: whose keys open it; nobody's where it lies open. ``keys``: the ids of those of
    the house's own ring by which what is private in the database is sealed. ``signature`` is over all the rest, by the house's own
    key of heads (``signed_by``, the public one).
    """

    format: int
    program: str
    tables: str
    kind: str
    taken_at: datetime
    office: str
    holdings: Holdings
    database: Part
    files: dict[str, Part]
    sealed_for: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    signed_by: str = ""
    signature: str = ""

    @property
    def size(self) -> int:
        """Bytes, attachments that it shares with others among them."""
        return self.database.size + sum(part.size for part in self.files.values())


class Backup(msgspec.Struct, frozen=True):
    """One of the backups in a folder."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """How it is called: by its moment."""
        return self.folder.name


def signed(manifest: Manifest, notary: Notary) -> Manifest:
    """The same with the signature of the house."""
    named = msgspec.structs.replace(manifest, signed_by=notary.public_key, signature="")
    return msgspec.structs.replace(named, signature=notary.sign(msgspec.json.encode(named)))


def is_genuine(manifest: Manifest) -> bool:
    """Whether nobody has written anything else into it; those of before there were rings bear no signature."""
    if not manifest.signature:
        return not (manifest.keys or manifest.signed_by)
    said = msgspec.json.encode(msgspec.structs.replace(manifest, signature=""))
    return is_signed(manifest.signed_by, said, manifest.signature)


def shared_by(recipients: Sequence[str]) -> str:
    """Where the attachments lie that are sealed for the same keys: with another key all are written anew."""
    if not recipients:
        return FILES
    return f"{FILES}-{hashlib.sha256(' '.join(sorted(recipients)).encode()).hexdigest()[:8]}"


def name_of(taken_at: datetime) -> str:
    """How a backup of a moment is called: ``20261130T020000Z``."""
    return taken_at.astimezone(UTC).strftime(_NAME)


def is_name(name: str) -> bool:
    """Whether a folder is called as backups are."""
    return _NAMED.fullmatch(name) is not None


def written(manifest: Manifest) -> bytes:
    """The manifest as it is kept: people may read it."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def read(content: bytes) -> Manifest:
    """The manifest that was kept; ``msgspec.ValidationError`` or ``DecodeError`` for anything else."""
    return msgspec.json.decode(content, type=Manifest)
