"""The folder in which backups lie: which there are, which are kept, and that one process works in it at a time."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from huying.backups.manifest import FILES, FORMAT, MANIFEST, Backup, is_name, read
from huying.backups.refusal import BackupRefusal

#: A folder that is called so is nobody's backup: somebody is at it, or was when the power went.
UNFINISHED = ".unfinished-"
_LOCK = ".lock"
#: What a backup stands for, by the letter of a rule: one is kept of each.
_SPANS: Mapping[str, Callable[[datetime], str]] = {
    "d": lambda at: at.strftime("%Y-%m-%d"),
    "w": lambda at: at.strftime("%G-%V"),
    "m": lambda at: at.strftime("%Y-%m"),
}


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Where backups go, for whom they are sealed (``age1…``), and of how many days (``d``), weeks (``w``) and months (``m``) one is kept."""

    folder: Path
    recipients: tuple[str, ...]
    keep: Mapping[str, int]


class Survey(NamedTuple):
    """What lies in a folder, the oldest first; ``unreadable``: the names of those that are damaged, or made by a newer program."""

    backups: list[Backup]
    unreadable: list[str]


def surveyed(folder: Path) -> Survey:
    """All that lies there, each manifest read once: it names every attachment, and may be long."""
    found = [(path.name, _read(path)) for path in _named(folder)]
    return Survey([one for _, one in found if one], [name for name, one in found if one is None])


def backups_in(folder: Path) -> list[Backup]:
    """The backups in a folder that this program can read, the oldest first."""
    return surveyed(folder).backups


def newest_in(folder: Path) -> Backup | None:
    """The newest one that it can read, without reading the others."""
    return next((backup for path in reversed(_named(folder)) if (backup := _read(path))), None)


def _named(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*Z") if is_name(path.name) and path.is_dir())


def chosen(folder: Path, at: datetime | None) -> Backup:
    """The newest backup, or the newest that was made by a moment; ``BackupRefusal`` if there is none."""
    found = [one for one in backups_in(folder) if at is None or one.manifest.taken_at <= at]
    if not found:
        raise BackupRefusal(
            f"{folder} 里没有{'那一刻之前的' if at else ''}备份。",
            f"There is no backup{' from before that moment' if at else ''} in {folder}.",
        )
    return found[-1]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Work in a folder alone, and clear away what others left unfinished; ``BackupRefusal`` if it cannot be used, or somebody is at work."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise BackupRefusal(
            f"{folder} 不能存放备份（{error.strerror}）。", f"No backup can be kept in {folder} ({error.strerror})."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupRefusal(
                f"另一个程序正在 {folder} 里备份，请等它结束。",
                f"Another program is making a backup in {folder}: wait until it is done.",
            ) from None
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        for part in folder.glob(f"{FILES}*/??/*.part"):
            part.unlink()
        try:
            yield
        except OSError as error:
            raise BackupRefusal(
                f"备份没有写完（{error.strerror}）：{folder}",
                f"The backup could not be written ({error.strerror}): {folder}",
            ) from error


def kept(backups: Sequence[Backup], keep: Mapping[str, int], zone: ZoneInfo) -> set[str]:
    """The names of those that stay: the newest, and the last of each of the latest days, weeks and months in which one was made."""
    stay = {one.name for one in backups[-1:]}
    for letter, count in keep.items():
        last = {_SPANS[letter](one.manifest.taken_at.astimezone(zone)): one.name for one in backups}
        stay |= {last[span] for span in sorted(last)[-count:]}
    return stay


def prune(folder: Path, keep: Mapping[str, int], zone: ZoneInfo) -> list[str]:
    """Delete the backups that need not stay, and the attachments that no other one has; the names of what went."""
    with alone(folder):
        backups, unreadable = surveyed(folder)
        stay = kept(backups, keep, zone)
        gone = [one for one in backups if one.name not in stay]
        for one in gone:
            # half deleted it must not look whole
            left = folder / f"{UNFINISHED}{one.name}"
            one.folder.rename(left)
            shutil.rmtree(left)
        if unreadable:
            # which attachments those have, nobody knows
            return [one.name for one in gone]
        named = {part.path for one in backups if one.name in stay for part in one.manifest.files.values()}
        _forget(folder, named)
    return [one.name for one in gone]


def _forget(folder: Path, named: Iterable[str]) -> None:
    """Delete the attachments that no backup names."""
    known = set(named)
    for path in folder.glob(f"{FILES}*/??/*"):
        if str(path.relative_to(folder)) not in known:
            path.unlink()


def _read(path: Path) -> Backup | None:
    try:
        content = (path / MANIFEST).read_bytes()
        form = msgspec.json.decode(content, type=_Form).format
        return Backup(path, read(content)) if form <= FORMAT else None
    except (OSError, msgspec.DecodeError):
        return None


class _Form(msgspec.Struct):
    format: int
