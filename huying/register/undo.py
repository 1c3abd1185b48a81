"""Taking back a deed of the register: each row as it was before, but for those that have changed since, which are shown and stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, and_, cast, delete, insert, select, update

from definitions.forms.address import digits
from huying.database.tables import issues, noticed_memberships, register_changes, register_deeds
from huying.errors import AlreadyDone, NotFound
from huying.register.changes import Done, Stamp, logged, said, take_out
from huying.register.rows import Row, restored, which
from huying.register.shapes import SHAPES, TableShape

_NAMED = re.compile(r'"(participant|organisation|station|area):(\d+)"')


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, under which deed, and which rows stayed because they have changed since or are in use (of, row)."""

    deed: int | None
    done: tuple[Done, ...]
    kept: tuple[tuple[str, str], ...]


def undo(connection: Connection, deed: int, stamp: Stamp) -> Undone:
    """Take a deed back in the caller's transaction. What came with it and is in use by now is ended, not taken out.

    ``NotFound`` if there is no such deed, ``AlreadyDone`` if it was taken back. For a preview, roll the transaction back.
    """
    row = connection.execute(select(register_deeds).where(register_deeds.c.id == deed)).one_or_none()
    if row is None:
        raise NotFound("没有这次改动。", "There is no such change.")
    if connection.execute(select(register_deeds.c.id).where(register_deeds.c.undoes_id == deed)).first():
        raise AlreadyDone("这次改动已经撤销过了。", "This was taken back already.")
    query = select(register_changes).where(register_changes.c.deed_id == deed).order_by(register_changes.c.id.desc())
    work = _Undo(connection, _named_since(connection, row.at), stamp.at)
    done, kept = list[Done](), list[tuple[str, str]]()
    for line in connection.execute(query).all():
        one = work.back(line)
        if one is None:
            kept.append((line.of_table, line.row_key))
        elif one.before != one.after:
            done.append(one)
    again = Stamp(stamp.way, stamp.at, stamp.by, stamp.why, undoes=deed)
    return Undone(logged(connection, done, again), tuple(done), tuple(kept))


def _named_since(connection: Connection, at: datetime) -> frozenset[tuple[str, int]]:
    """Whoever and whatever stands in an issue that has changed since: only those can have come in through the deed."""
    found: set[tuple[str, int]] = set()
    for text in connection.execute(select(cast(issues.c.state, String)).where(issues.c.changed_at >= at)).scalars():
        found.update((kind, int(number)) for kind, number in _NAMED.findall(text))
    return frozenset(found)


class _Undo:
    """One deed taken back, line by line, the last first."""

    def __init__(self, connection: Connection, in_use: frozenset[tuple[str, int]], at: datetime) -> None:
        self._connection, self._in_use, self._at = connection, in_use, at

    def back(self, line: Any) -> Done | None:
        """One row as it was; ``None`` if it stays."""
        shape = SHAPES[line.of_table]
        found = self._now(shape, line.row_key)
        was = restored(shape, line.before) if line.before is not None else None
        became = restored(shape, line.after) if line.after is not None else None
        if became is None:
            return self._again(shape, line.row_key, was or {}) if found is None else None
        if found is None or any(found[name] != value for name, value in became.items() if name in found):
            return None
        if was is None:
            return self._out(shape, line.row_key, found)
        after = {**found, **was}
        self._write(shape, found, was)
        return Done(shape.name, line.row_key, said(shape, found), said(shape, after))

    def _now(self, shape: TableShape, key: str) -> Row | None:
        fits = which(shape, key)
        row = self._connection.execute(select(shape.table).where(fits)).mappings().first() if fits is not None else None
        return dict(row) if row is not None else None

    def _write(self, shape: TableShape, found: Row, values: Row) -> None:
        if shape.name == "participant" and "phone" in values:
            values = {**values, "phone_digits": digits(values["phone"] or "") or None}
        mine = and_(*(shape.table.c[one.name] == found[one.name] for one in shape.table.primary_key))
        self._connection.execute(update(shape.table).where(mine).values(values))

    def _again(self, shape: TableShape, key: str, was: Row) -> Done:
        # a person comes back without a passphrase: the log knows none
        created = {"created_at": self._at} if "created_at" in shape.table.c else {}
        self._connection.execute(insert(shape.table), {**was, **created})
        return Done(shape.name, key, None, said(shape, was))

    def _out(self, shape: TableShape, key: str, found: Row) -> Done | None:
        """Take out what came with the deed; what is in use is ended, and stays where it cannot be."""
        number = found.get("id")
        if (shape.name, number) not in self._in_use:
            self._unnotice(shape, number)
            if take_out(self._connection, shape, found):
                return Done(shape.name, key, said(shape, found), None)
        if "active" not in found:
            return None
        self._write(shape, found, {"active": False})
        return Done(shape.name, key, said(shape, found), said(shape, {**found, "active": False}))

    def _unnotice(self, shape: TableShape, number: int | None) -> None:
        """Nothing has to follow the register for whom it never really knew."""
        column = {"participant": "participant_id", "station": "station_id", "organisation": "organisation_id"}
        if shape.name in column:
            name = column[shape.name]
            self._connection.execute(delete(noticed_memberships).where(noticed_memberships.c[name] == number))
