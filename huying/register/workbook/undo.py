"""Taking an import back, row by row from the log: as it was, where nobody has touched it since.

What was changed meanwhile, or is needed by something else, stays, and is told of.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, Table, select, update

from definitions.text import Said
from huying.database.tables import register_changes, register_imports
from huying.house.by import By
from huying.house.house import House
from huying.register.workbook.imports import NotAsItIs, offered
from huying.register.workbook.journal import RowJournal, TableRow, deed, lively, plain, rows_by_key
from models import metadata


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that stays as it is, and why."""

    name: str
    why: Said


@dataclass(frozen=True, slots=True)
class Undone:
    """How many rows are as they were, and those that are not."""

    restored: int
    kept: tuple[KeptRow, ...]


_TOUCHED = Said("写入以后又改过，保持现在的样子", "changed since; it stays as it is now")
_NEEDED = Said(
    "已有事项或其他记录用到，只停用，不删除", "issues or other records need it: it is put out of use, not deleted"
)
_STAYS = Said("已有其他记录用到，保留", "other records need it; it stays")


class _LookedOnly(Exception):
    """Nothing is to be written."""


def undo_preview(house: House, number: int, by: By) -> Undone:
    """What taking back would come to; nothing is written."""
    found: list[Undone] = []
    try:
        with house.database.writing() as connection:
            found.append(_undone(connection, _deed_of(connection, number), by)[0])
            raise _LookedOnly
    except _LookedOnly:
        return found[0]


def undo(house: House, number: int, by: By) -> Undone:
    """Take the import back, in one transaction."""
    name = offered(house, number, by.now).name
    with house.database.writing() as connection:
        done, taking_back = _undone(connection, _deed_of(connection, number), by, name)
        values = {"state": "undone", "undo_id": taking_back}
        connection.execute(update(register_imports).where(register_imports.c.id == number).values(values))
    return done


def _deed_of(connection: Connection, number: int) -> int:
    at = register_imports.c
    row = connection.execute(select(at.deed_id, at.state).where(at.id == number).with_for_update()).one()
    if row.state != "written" or row.deed_id is None:
        raise NotAsItIs("这次导入没有写入，或已经撤回。", "This import was not written, or was taken back already.")
    return int(row.deed_id)


def _undone(connection: Connection, made: int, by: By, name: str = "") -> tuple[Undone, int]:
    """What was done about a deed, and the deed that did it."""
    taking_back = deed(connection, by, f"撤回 {name}".strip(), made)
    journal = RowJournal(connection, taking_back)
    query = select(register_changes).where(register_changes.c.deed_id == made).order_by(register_changes.c.id.desc())
    restored, kept = 0, list[KeptRow]()
    for (name_of_table, kind), rows in groupby(connection.execute(query), lambda row: (row.of_table, _kind(row))):
        table = metadata.tables[name_of_table]
        changes = [(row.row_key, row.before, row.after) for row in rows]
        count, stays = _back(journal, table, kind, changes, rows_by_key(connection, table, [one[0] for one in changes]))
        restored += count
        kept += stays
    return Undone(restored, tuple(kept)), taking_back


def _kind(row: object) -> str:
    return (
        "new" if getattr(row, "before", None) is None else "gone" if getattr(row, "after", None) is None else "changed"
    )


_Change = tuple[str, TableRow | None, TableRow | None]


def _back(
    journal: RowJournal, table: Table, kind: str, changes: list[_Change], now: dict[str, TableRow]
) -> tuple[int, list[KeptRow]]:
    if kind == "gone":
        rows = [lively(table, before or {}) for key, before, _ in changes if key not in now]
        journal.add(table, rows)
        return len(rows), []
    if kind == "new":
        return _taken_out(journal, table, changes, now)
    pairs, kept = [], []
    for key, before, after in changes:
        row = now.get(key)
        touched = {name: value for name, value in (after or {}).items() if (before or {}).get(name) != value}
        if row is None or any((plain(row) or {}).get(name) != value for name, value in touched.items()):
            kept.append(KeptRow(_name(row or after or {}), _TOUCHED))
        else:
            pairs.append((row, {**row, **lively(table, {name: (before or {}).get(name) for name in touched})}))
    journal.change(table, pairs)
    return len(pairs), kept


def _taken_out(
    journal: RowJournal, table: Table, changes: list[_Change], now: dict[str, TableRow]
) -> tuple[int, list[KeptRow]]:
    ours, kept = [], []
    for key, _, after in changes:
        row = now.get(key)
        if row is None:
            continue
        same = all((plain(row) or {}).get(name) == value for name, value in (after or {}).items())
        # whoever has a passphrase has been invited, and perhaps signed in
        if same and not row.get("passphrase_hash"):
            ours.append(row)
        else:
            kept.append(KeptRow(_name(row), _TOUCHED))
    needed = journal.take_out(table, ours)
    journal.change(table, [(row, {**row, "active": False}) for row in needed if "active" in row])
    why = _NEEDED if "active" in table.c else _STAYS
    return len(ours) - len(needed), [*kept, *(KeptRow(_name(row), why) for row in needed)]


def _name(row: TableRow) -> str:
    parts = (row.get(name) for name in ("code", "login", "name_zh", "name", "function", "have"))
    return " ".join(str(part) for part in parts if part) or "#" + str(row.get("id", ""))
