"""Taking an import back, as the register takes back any deed: looked at first, then done in one step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update

from definitions.text import Said
from huying.database.tables import register_deeds, register_imports
from huying.house.by import By
from huying.house.house import House
from huying.register.changes import Stamp
from huying.register.shapes import SHAPES
from huying.register.undo import Undone, undo
from huying.register.workbook.grants import take_back
from huying.register.workbook.imports import ImportOffer, NotAsItIs, offered


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """How many rows are as they were; rows that stay, since they have changed or are in use, and those that were put out of use."""

    restored: int
    kept: tuple[Said, ...]
    ended: tuple[Said, ...]


class _LookedOnly(Exception):
    """Nothing is to be written."""


def undo_preview(house: House, number: int, by: By) -> ImportUndone:
    """What taking back would come to; nothing is written."""
    found: list[ImportUndone] = []
    try:
        with house.database.writing() as connection:
            found.append(_back(connection, offered(house, number, by.now), Stamp("sheet", by.now, by.person), by)[1])
            raise _LookedOnly
    except _LookedOnly:
        return found[0]


def undo_import(house: House, number: int, by: By) -> ImportUndone:
    """Take the import back, in one transaction."""
    found = offered(house, number, by.now)
    with house.database.writing() as connection:
        deed, told = _back(connection, found, Stamp("sheet", by.now, by.person, f"撤回 {found.name}"[:1000]), by)
        values = {"state": "undone", "undo_id": deed}
        connection.execute(update(register_imports).where(register_imports.c.id == number).values(values))
        return told


def _back(connection: Connection, found: ImportOffer, stamp: Stamp, by: By) -> tuple[int | None, ImportUndone]:
    """Take it back: first the grants, since whoever holds one cannot be taken out."""
    deed = _deed_of(connection, found.id)
    given = connection.execute(select(register_deeds.c.at).where(register_deeds.c.id == deed)).scalar_one()
    taken, stays = take_back(connection, (one for one in found.preview.changes if one.kind == "grants"), given, by)
    done = undo(connection, deed, stamp)
    told = _told(connection, done)
    return done.deed, replace(told, restored=told.restored + taken, kept=(*told.kept, *stays))


def _deed_of(connection: Connection, number: int) -> int:
    at = register_imports.c
    row = connection.execute(select(at.deed_id, at.state).where(at.id == number).with_for_update()).one_or_none()
    if row is None or row.state != "written" or row.deed_id is None:
        raise NotAsItIs("这次导入没有写入，或已经撤回。", "This import was not written, or was taken back already.")
    return int(row.deed_id)


def _told(connection: Connection, done: Undone) -> ImportUndone:
    return ImportUndone(
        restored=done.restored,
        kept=tuple(_named(connection, of, row) for of, row in done.kept),
        ended=tuple(_named(connection, of, row) for of, row in done.ended),
    )


def _named(connection: Connection, of: str, row: str) -> Said:
    """A row as people know it."""
    shape = SHAPES[of]
    columns = list(shape.table.primary_key)
    parts = row.split(" ", len(columns) - 1)
    found = None
    if len(columns) == 1 and row.isdigit():
        found = connection.execute(select(shape.table).where(columns[0] == int(row))).mappings().first()
    words = [str(found[name]) for name in ("code", "login", "name_zh", "name") if found and found.get(name)] or parts
    return Said(f"{shape.title.zh} {' '.join(words)}", f"{shape.title.en} {' '.join(words)}")
