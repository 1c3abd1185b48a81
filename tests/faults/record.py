"""What the clients saw, as append-only JSON lines in the manner of Jepsen: invoke, and then ok, fail, or nothing at all.

An operation without an answer is *open*: it may or may not have happened. A record is one ``write``, so a killed process leaves whole lines.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import orjson

Said = Literal["invoke", "ok", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line: ``key`` is the request's key as the history keeps it; ``issue`` and ``version`` are what an answer named."""

    said: Said
    key: str
    what: str
    issue: int | None = None
    version: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A file of records; several processes may write to it."""

    path: Path

    def write(self, record: Record) -> None:
        """Append one line."""
        line = orjson.dumps(asdict(record)) + b"\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)

    def records(self) -> Iterator[Record]:
        """All lines so far."""
        if self.path.exists():
            for line in self.path.read_bytes().splitlines():
                yield Record(**orjson.loads(line))
