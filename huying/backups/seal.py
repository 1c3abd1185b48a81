"""Sealing: a backup is written for keys whose other halves this machine does not have, in the form of the program ``age`` (age-encryption.org/v1).

Whoever takes over the machine can so read no backup, and whoever has the key needs no Huying to open one: ``age -d -i KEY database.age``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage

from huying.backups.manifest import Part
from huying.backups.refusal import BackupRefusal

_BLOCK = 1 << 20
#: How a file that is sealed is called behind its name.
SEALED = ".age"


class _Counted:
    """Writes on, and counts what it writes, with its digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.size += len(content)
        self.digest.update(content)
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()


def new_key() -> tuple[str, str]:
    """A new pair: the key that opens, and the recipient (``age1…``) for whom is sealed."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def assure_recipients(recipients: Sequence[str]) -> None:
    """``BackupRefusal`` if somebody of them is no recipient."""
    _known(recipients)


def lay(source: Path, folder: Path, path: str, recipients: Sequence[str]) -> Part:
    """Copy a file to below a folder, sealed if there is anybody to seal for, so that it is there whole or not at all, also after a power cut."""
    said = f"{path}{SEALED}" if recipients else path
    target = folder / said
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source.open("rb") as file, whole(target) as written:
        if recipients:
            pyrage.encrypt_io(file, written, _known(recipients))
        else:
            shutil.copyfileobj(file, written, _BLOCK)
    return Part(said, written.size, written.digest.hexdigest())


def open_sealed(source: Path, target: Path, key: Path | None) -> None:
    """Copy a part back, opened with the key if it is sealed; ``BackupRefusal`` if the key is missing or another one."""
    with source.open("rb") as file, target.open("wb") as written:
        if source.suffix != SEALED:
            shutil.copyfileobj(file, written, _BLOCK)
            return
        try:
            pyrage.decrypt_io(file, written, _identities(key))
        except pyrage.DecryptError:
            raise BackupRefusal(
                f"这把钥匙打不开 {source.name}，或文件已损坏。请用 --key 指明封存这份备份时的钥匙文件。",
                f"This key does not open {source.name}, or the file is damaged. Name the key for which it was sealed with --key.",
            ) from None


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def whole(target: Path) -> Iterator[_Counted]:
    """A file for nobody else on this machine, which takes its name when all of it is on the disk."""
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with open(unfinished, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            yield _Counted(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        sync(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _known(recipients: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError:
        raise BackupRefusal(
            "封存备份用的公钥不对：应为 age1 开头的一串字符，见 huying backup-key。",
            "This is no key to seal for: it begins with age1; see huying backup-key.",
        ) from None


def _identities(key: Path | None) -> list[pyrage.x25519.Identity]:
    """The keys of a file, one a line beside remarks."""
    if key is None:
        raise BackupRefusal(
            "这份备份是封存的：请用 --key 指明钥匙文件。", "This backup is sealed: name the file of the key with --key."
        )
    try:
        lines = [line.strip() for line in key.read_text("utf-8").splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise BackupRefusal(
            f"{key} 里没有可用的钥匙：应有一行 AGE-SECRET-KEY-1……",
            f"There is no key in {key}: it holds a line AGE-SECRET-KEY-1…",
        ) from None
