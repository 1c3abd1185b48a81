"""What was erased, kept beside the ring of keys and outside of the database: whoever restores an older backup erases the same again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from huying.keys.place import file_of
from huying.settings import Settings

_REMARK = "# 已删除的事项和人（只有编号）：从较早的备份恢复以后，照此再删一次。 What was erased, by number alone: restored backups erase it again.\n"


class ErasedThing(NamedTuple):
    """``of``: issue or participant; ``what``: personal or file."""

    of: str
    number: int
    what: str


@dataclass(frozen=True, slots=True)
class ErasedList:
    """A file of lines ``moment of number what``; a line that was cut off while it was written counts for nothing."""

    file: Path

    def add(self, things: Iterable[ErasedThing], now: datetime) -> None:
        """Note what is about to be erased: on the disk before it returns."""
        lines = "".join(f"{now.isoformat()} {one.of} {one.number} {one.what}\n" for one in things)
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as out:
            # what was cut off does not spoil the line after it
            out.write((_REMARK if not out.tell() else "\n") + lines)
            out.flush()
            os.fsync(out.fileno())

    def read(self) -> tuple[ErasedThing, ...]:
        """All that was noted, each once."""
        if not self.file.exists():
            return ()
        found: dict[ErasedThing, None] = {}
        for line in self.file.read_text("utf-8", errors="replace").splitlines():
            parts = line.split(" ")
            if len(parts) == 4 and parts[2].isdigit() and parts[1] in ("issue", "participant"):
                found[ErasedThing(parts[1], int(parts[2]), parts[3])] = None
        return tuple(found)


def erased_list(settings: Settings) -> ErasedList:
    """The list of a house: beside its ring, where no backup of the database goes."""
    return ErasedList(file_of(settings).with_name("erased"))
