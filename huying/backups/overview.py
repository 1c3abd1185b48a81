"""What staff see of backups: which there are, how old the newest is, and what waits since the house was restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from huying.backups.alarm import STALE, last_failure
from huying.backups.folder import Survey, surveyed
from huying.backups.quarantine import Quarantine, quarantine
from huying.house.house import House
from huying.words.moments import moment_words

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup: its moment in words, how many issues it holds, its size in bytes, and whether it is sealed."""

    name: str
    at: str
    issues: int
    size: int
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupOverview:
    """``folder`` is where they lie, ``None`` if none was named. ``stale``: the newest is older than it should be, or there is none.
    ``failed``: when the last try was, if it failed, and ``why``. ``held``:
    what waits, with the moments of its backup (``taken``) and of the restoration in words.
    """

    folder: Path | None
    lines: Sequence[BackupLine]
    unreadable: Sequence[str]
    stale: bool
    held: Quarantine | None
    taken: str = ""
    restored: str = ""
    failed: str = ""
    why: str = ""


def overview(house: House, folder: Path | None, now: datetime, language: str) -> BackupOverview:
    """What there is, the newest first."""
    there = surveyed(folder) if folder else Survey([], [])
    found = there.backups[::-1]
    failure = last_failure(house) if folder else None
    with house.database.reading() as connection:
        held = quarantine(connection)
    return BackupOverview(
        folder=folder,
        lines=[
            BackupLine(
                one.name,
                moment_words(one.manifest.taken_at, house.zone, language),
                one.manifest.holdings.issues,
                one.manifest.size,
                bool(one.manifest.sealed_for),
            )
            for one in found[:_SHOWN]
        ],
        unreadable=there.unreadable,
        stale=not found or now - found[0].manifest.taken_at > STALE,
        held=held,
        taken=moment_words(held.taken_at, house.zone, language) if held else "",
        restored=moment_words(held.restored_at, house.zone, language) if held else "",
        failed=moment_words(failure.at, house.zone, language) if failure else "",
        why=failure.why.of(language) if failure else "",
    )
