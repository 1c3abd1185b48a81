"""Taking back a deed of the register: each row as it was before, but for those that have changed since, which are shown and stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, String, and_, bindparam, cast, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from huying.database.tables import issues, noticed_memberships, register_changes, register_deeds
from huying.errors import AlreadyDone, NotFound
from huying.register.changes import DeedLog, Done, Stamp, said
from huying.register.rows import PORTION, Row, key_text, restored, which
from huying.register.shapes import SHAPES, TableShape

_Deed = Literal["insert", "update", "delete"]
#: Of more rows than this of a table in a portion it is read in one go how they stand.
_MANY = 20
_NAMED = re.compile(r'"(participant|organisation|station|area):(\d+)"')


@dataclass(frozen=True, slots=True)
class Undone:
    """Under which deed it was taken back: how many rows are as they were, which were put out of use, and which stayed because they have changed
    since or are in use (of, row).
    """

    deed: int | None
    restored: int
    ended: tuple[tuple[str, str], ...]
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
    work = _Undo(connection, _named_since(connection, row.at), stamp.at)
    log = DeedLog(connection, Stamp(stamp.way, stamp.at, stamp.by, stamp.why, undoes=deed))
    ended, kept, restored = list[tuple[str, str]](), list[tuple[str, str]](), 0
    for lines in _portions(connection, deed):
        for line, one in zip(lines, work.back(lines), strict=True):
            if one is None:
                kept.append((line.of_table, line.row_key))
            elif one.before != one.after:
                log.add(one)
                restored += not _out_of_use(one)
                if _out_of_use(one):
                    ended.append((one.of, one.row))
    return Undone(log.closed(), restored, tuple(ended), tuple(kept))


def _portions(connection: Connection, deed: int) -> Iterator[Sequence[Any]]:
    """The lines of a deed, the last first."""
    query = select(register_changes).where(register_changes.c.deed_id == deed).order_by(register_changes.c.id.desc())
    lines = connection.execute(query.limit(PORTION)).all()
    while lines:
        yield lines
        lines = connection.execute(query.where(register_changes.c.id < lines[-1].id).limit(PORTION)).all()


def _out_of_use(one: Done) -> bool:
    """Whether a row differs in nothing but that it is out of use."""
    if one.before is None or one.after is None:
        return False
    changed = {word for word in one.after if one.after[word] != one.before.get(word)}
    return changed == {"active"} and not one.after["active"]


def _named_since(connection: Connection, at: datetime) -> frozenset[tuple[str, int]]:
    """Whoever and whatever stands in an issue that has changed since: only those can have come in through the deed."""
    found: set[tuple[str, int]] = set()
    for text in connection.execute(select(cast(issues.c.state, String)).where(issues.c.changed_at >= at)).scalars():
        found.update((kind, int(number)) for kind, number in _NAMED.findall(text))
    return frozenset(found)


class _Step(NamedTuple):
    """What is to be done to a row: its position among the lines, its key, the row as it is, and what shall stand in it."""

    position: int
    key: str
    found: Row
    values: Row


class _Undo:
    """One deed taken back, line by line, the last first; the same done to rows of one table one after the other is done in batches."""

    def __init__(self, connection: Connection, in_use: frozenset[tuple[str, int]], at: datetime) -> None:
        self._connection, self._in_use, self._at = connection, in_use, at
        self._many: Counter[str] = Counter()
        self._whole: dict[str, dict[str, Row]] = {}
        self._waiting: dict[str, _Step] = {}
        self._doing: tuple[str, _Deed, frozenset[str]] | None = None
        self._done: list[Done | None] = []

    def back(self, lines: Sequence[Any]) -> list[Done | None]:
        """Each row of a portion as it was; ``None`` for those that stay."""
        self._many = Counter(line.of_table for line in lines)
        self._whole = {}
        for of, count in self._many.items():
            if count > _MANY:
                self._whole[of] = self._found(SHAPES[of], [line.row_key for line in lines if line.of_table == of])
        self._done = [None] * len(lines)
        for position, line in enumerate(lines):
            self._line(position, line)
        self._settle()
        return self._done

    def _found(self, shape: TableShape, keys: Sequence[str]) -> dict[str, Row]:
        """The rows of a portion, by their keys."""
        first = next(iter(shape.table.primary_key))
        parts = sorted({key.split(" ")[0] for key in keys})
        values: list[Any] = list(map(int, parts)) if first.type.python_type is int else list(parts)
        near = self._connection.execute(select(shape.table).where(first.in_(values))).mappings()
        wanted = set(keys)
        return {key: dict(row) for row in near if (key := key_text(shape, dict(row))) in wanted}

    def _line(self, position: int, line: Any) -> None:
        shape, key = SHAPES[line.of_table], line.row_key
        found = self._now(shape, key)
        was = restored(shape, line.before) if line.before is not None else None
        became = restored(shape, line.after) if line.after is not None else None
        if became is None:
            if found is None:
                self._wait(shape, "insert", _Step(position, key, {}, was or {}))
        elif found is None or any(found[name] != value for name, value in became.items() if name in found):
            return
        elif was is not None:
            self._wait(shape, "update", _Step(position, key, found, was))
        elif (shape.name, found.get("id")) not in self._in_use:
            self._wait(shape, "delete", _Step(position, key, found, {}))
        elif "active" in found:
            self._wait(shape, "update", _Step(position, key, found, {"active": False}))

    def _now(self, shape: TableShape, key: str) -> Row | None:
        """The row as it is; a table of which many rows are asked for was read at the beginning of the portion."""
        if self._many[shape.name] > _MANY:
            if key in self._waiting:
                # a row that one deed changed more than once
                self._settle()
            return self._whole[shape.name].get(key)
        self._settle()
        fits = which(shape, key)
        row = self._connection.execute(select(shape.table).where(fits)).mappings().first() if fits is not None else None
        return dict(row) if row is not None else None

    def _wait(self, shape: TableShape, deed: _Deed, step: _Step) -> None:
        """Have it done with others of its like; whatever is of another kind is done before."""
        doing = (shape.name, deed, frozenset(step.values))
        if doing != self._doing or len(self._waiting) > PORTION:
            self._settle()
        self._doing = doing
        self._waiting[step.key] = step

    def _settle(self) -> None:
        """Do what waits."""
        if self._doing is None:
            return
        (of, deed, _), steps = self._doing, list(self._waiting.values())
        self._doing, self._waiting = None, {}
        {"insert": self._again, "update": self._write, "delete": self._out}[deed](SHAPES[of], steps)

    def _note(self, shape: TableShape, step: _Step, before: Row | None, after: Row | None) -> None:
        self._done[step.position] = Done(shape.name, step.key, said(shape, before), said(shape, after))
        whole = self._whole.get(shape.name)
        if whole is not None and after is None:
            whole.pop(step.key, None)
        elif whole is not None and after is not None:
            whole[step.key] = after

    def _write(self, shape: TableShape, steps: Sequence[_Step]) -> None:
        own = [one.name for one in shape.table.primary_key]
        mine = and_(*(shape.table.c[name] == bindparam(f"own_{name}") for name in own))
        fresh = [_stored(shape, step.values) for step in steps]
        rows = [
            {**values, **{f"own_{name}": step.found[name] for name in own}}
            for step, values in zip(steps, fresh, strict=True)
        ]
        self._connection.execute(update(shape.table).where(mine), rows)
        for step in steps:
            self._note(shape, step, step.found, {**step.found, **step.values})

    def _again(self, shape: TableShape, steps: Sequence[_Step]) -> None:
        # a person comes back without a passphrase: the log knows none
        created = {"created_at": self._at} if "created_at" in shape.table.c else {}
        self._connection.execute(insert(shape.table), [{**step.values, **created} for step in steps])
        for step in steps:
            self._note(shape, step, None, step.values)

    def _out(self, shape: TableShape, steps: Sequence[_Step]) -> None:
        """Take out what came with the deed; what is in use is ended, and stays where it cannot be."""
        self._unnotice(shape, steps)
        left = self._left(shape, steps)
        staying = {step.position for step in left}
        for step in steps:
            if step.position not in staying:
                self._note(shape, step, step.found, None)
        ended = [step._replace(values={"active": False}) for step in left if "active" in step.found]
        if ended:
            self._write(shape, ended)

    def _left(self, shape: TableShape, steps: Sequence[_Step]) -> Sequence[_Step]:
        """Those of them that cannot be taken out, because something refers to them; the others are."""
        own = list(shape.table.primary_key)
        keys = [tuple(step.found[one.name] for one in own) for step in steps]
        mine = own[0].in_([key[0] for key in keys]) if len(own) == 1 else tuple_(*own).in_(keys)
        try:
            with self._connection.begin_nested():
                self._connection.execute(delete(shape.table).where(mine))
        except IntegrityError:
            if len(steps) == 1:
                return steps
            middle = len(steps) // 2
            return [*self._left(shape, steps[:middle]), *self._left(shape, steps[middle:])]
        return ()

    def _unnotice(self, shape: TableShape, steps: Sequence[_Step]) -> None:
        """Nothing has to follow the register for whom it never really knew."""
        column = {"participant": "participant_id", "station": "station_id", "organisation": "organisation_id"}
        if shape.name in column:
            named = noticed_memberships.c[column[shape.name]]
            self._connection.execute(delete(noticed_memberships).where(named.in_([step.found["id"] for step in steps])))


def _stored(shape: TableShape, values: Row) -> Row:
    """What stands in the columns, with what is worked out of it."""
    return shape.with_index(values)
