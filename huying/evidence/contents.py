"""What a segment says that it seals: of each line the table, the aspect with its columns, the key, and by what people know the row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec


class Leaf(msgspec.Struct, frozen=True):
    """One place that was sealed, and which columns of it."""

    table: str
    aspect: str
    key: str
    columns: tuple[str, ...]
    label: str = ""


class _Written(msgspec.Struct, frozen=True):
    kinds: tuple[tuple[str, str, tuple[str, ...]], ...]
    rows: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The lines of a segment, in the order of its leaves."""

    lines: tuple[Leaf, ...]

    @classmethod
    def read(cls, text: str) -> Contents:
        """As it was written; ``msgspec.DecodeError`` for anything else."""
        written = msgspec.json.decode(text, type=_Written)
        kinds = written.kinds
        return cls(tuple(Leaf(kinds[n][0], kinds[n][1], key, kinds[n][2], label) for n, key, label in written.rows))

    def written(self) -> str:
        """As it is kept: what lines share is said once."""
        kinds: dict[tuple[str, str, tuple[str, ...]], int] = {}
        rows = tuple(
            (kinds.setdefault((one.table, one.aspect, one.columns), len(kinds)), one.key, one.label)
            for one in self.lines
        )
        return msgspec.json.encode(_Written(tuple(kinds), rows)).decode()


def counted(lines: Iterable[Leaf]) -> dict[str, int]:
    """How many rows of each table are new in these lines."""
    found: dict[str, int] = {}
    for line in lines:
        if not line.aspect:
            found[line.table] = found.get(line.table, 0) + 1
    return found
