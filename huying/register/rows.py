"""The rows of the register while changes are made to them: found by number or by what people call them, and written as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Date, Time, and_, func, insert, select, text

from huying.register.shapes import SHAPES, TableShape, Value, Values

#: A row by column.
Row = dict[str, Any]
#: So many rows are read and written at once.
PORTION = 500
_Thing = TypeVar("_Thing")
#: Of more rows than this it is read in one go what stands there, and the new ones are written so.
_MANY = 20


class RegisterRows:
    """What stands in the register, as the changes so far have left it. Of all that a register has only what people call its rows is kept; the
    rows themselves are those of the portion that is being written.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._numbers: dict[str, dict[Any, int]] = {}
        self._codes: dict[str, set[str]] | None = None
        #: The rows of the portion by key, and what those have been elected to whom it speaks of.
        self._expected: dict[tuple[Any, ...], Row] = {}
        self._held: dict[int, list[Row]] = {}
        self._of = ""
        #: New rows that are written together.
        self._waiting: list[Row] = []
        self._fresh: Iterator[int] = iter(())

    def expect(self, shape: TableShape, keys: Sequence[Row]) -> None:
        """Read at once the rows of a table that will be asked for, by their keys; a few are read one by one."""
        self.settle()
        if len(keys) <= _MANY:
            return
        self._of = shape.name
        first = _columns(shape)[0]
        values = sorted({key[first] for key in keys if key.get(first) is not None})
        near = select(shape.table).where(shape.table.c[first].in_(values))
        wanted = {_key(shape, key) for key in keys}
        rows = (dict(row) for row in self.connection.execute(near).mappings())
        self._expected = {key: row for row in rows if (key := _key(shape, row)) in wanted}
        missing = len(wanted) - len(self._expected)
        self._fresh = iter(self._numbers_to_come(shape, missing)) if missing and "id" in shape.table.c else iter(())
        if shape.name == "membership":
            table = SHAPES["mandate"].table
            elected = select(table).where(table.c.participant_id.in_(values)).order_by(table.c.since.desc())
            self._held = {value: [] for value in values}
            for row in self.connection.execute(elected).mappings():
                self._held[row["participant_id"]].append(dict(row))

    def number(self, of: str, value: Value) -> int | None:
        """The number of the row that is called so, or has this number; ``None`` if there is none, or nothing was named."""
        if value in (None, ""):
            return None
        table, word = SHAPES[of].table, SHAPES[of].key[0]
        if of not in self._numbers and self._of == of:
            self._write()
        if isinstance(value, int):
            return self.connection.execute(select(table.c.id).where(table.c.id == value)).scalar_one_or_none()
        known = self._numbers.get(of)
        if known is None:
            query = select(table.c[word], table.c.id).where(table.c[word].is_not(None))
            known = self._numbers[of] = {row[0]: row[1] for row in self.connection.execute(query)}
        return known.get(value)

    def find(self, shape: TableShape, key: Row | int) -> Row | None:
        """The row of this key, by column, or of this number."""
        table = shape.table
        if isinstance(key, int):
            return self._one(shape, table.c.id == key)
        if self._of != shape.name:
            return self._one(shape, and_(*(table.c[name].is_not_distinct_from(key[name]) for name in _columns(shape))))
        return self._expected.get(_key(shape, key))

    def put(self, shape: TableShape, before: Row | None, after: Row | None) -> None:
        """Know what a row has become."""
        whole, numbers = self._expected if self._of == shape.name else None, self._numbers.get(shape.name)
        if before is not None:
            if whole is not None:
                whole.pop(_key(shape, before), None)
            if numbers is not None:
                numbers.pop(before[shape.key[0]], None)
        if after is not None:
            if whole is not None:
                whole[_key(shape, after)] = after
            if numbers is not None and "id" in after:
                numbers[after[shape.key[0]]] = after["id"]
        if shape.name == "code":
            self._codes = None

    def add(self, shape: TableShape, row: Row) -> Row:
        """Write a new row, at once or with others of its table; as it stands then, with its number."""
        full = {one.name: default_of(one) for one in shape.table.columns if one.name != "id"} | row
        numbered = "id" in shape.table.c
        if self._of != shape.name:
            statement = insert(shape.table)
            if not numbered:
                self.connection.execute(statement, full)
                return full
            number = self.connection.execute(statement.returning(shape.table.c.id), full).scalar_one()
            return {**full, "id": number}
        if numbered:
            full["id"] = next(self._fresh)
        self._waiting.append(full)
        return full

    def settle(self) -> None:
        """Write what still waits, and forget the portion."""
        self._write()
        self._of, self._expected, self._held = "", {}, {}

    def _write(self) -> None:
        if self._waiting:
            self.connection.execute(insert(SHAPES[self._of].table), self._waiting)
        self._waiting = []

    def mandates(self, person: int) -> Sequence[Row]:
        """What somebody was elected to, the latest first."""
        if person in self._held:
            return self._held[person]
        table = SHAPES["mandate"].table
        query = select(table).where(table.c.participant_id == person).order_by(table.c.since.desc())
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _numbers_to_come(self, shape: TableShape, count: int) -> Sequence[int]:
        """Numbers that nobody else will give: SQLite lets one write at a time, PostgreSQL counts for all."""
        if self.connection.dialect.name == "sqlite":
            last = self.connection.execute(select(func.max(shape.table.c.id))).scalar_one() or 0
            return range(last + 1, last + 1 + count)
        each = text("SELECT nextval(pg_get_serial_sequence(:of, 'id')) FROM generate_series(1, :count)")
        return [int(one) for one in self.connection.execute(each, {"of": shape.name, "count": count}).scalars()]

    def listed(self, name: str) -> set[str]:
        """The codes of a list."""
        if self._codes is None:
            table = SHAPES["code"].table
            self._codes = {}
            for listed, code in self.connection.execute(select(table.c.list, table.c.code)):
                self._codes.setdefault(listed, set()).add(code)
        return self._codes.get(name, set())

    def _one(self, shape: TableShape, which: Any) -> Row | None:
        row = self.connection.execute(select(shape.table).where(which)).mappings().first()
        return dict(row) if row is not None else None


def default_of(column: Any) -> Any:
    """What stands in a column of which nothing is said."""
    given = column.default
    return given.arg if given is not None and given.is_scalar else None


def _columns(shape: TableShape) -> tuple[str, ...]:
    return tuple(shape.column(word) for word in shape.key)


def _key(shape: TableShape, row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in _columns(shape))


def key_text(shape: TableShape, row: Row) -> str:
    """The columns of the primary key, by which the log finds the row again."""
    return " ".join(str(row[one.name]) for one in shape.table.primary_key)


def key_of(shape: TableShape, values: Mapping[str, Any]) -> tuple[Value, ...] | int:
    """The key of a row by word, as a change names it: its number, if it has one."""
    return values["id"] if "id" in values else tuple(values[word] for word in shape.key)


def which(shape: TableShape, key: str) -> ColumnElement[bool] | None:
    """That a row is the one of a ``key_text``; ``None`` if no row can be called so."""
    parts, columns = key.split(" "), list(shape.table.primary_key)
    if len(parts) != len(columns):
        return None
    fits: list[ColumnElement[bool]] = []
    for column, part in zip(columns, parts, strict=True):
        number = column.type.python_type is int
        if number and not (part.isascii() and part.isdigit() and len(part) < 16):
            return None
        fits.append(column == (int(part) if number else part))
    return and_(*fits)


def written(values: Values | None) -> dict[str, Any] | None:
    """Values as the log keeps them: days and hours as text."""
    if values is None:
        return None
    return {word: one.isoformat() if isinstance(one, date | time) else one for word, one in values.items()}


def restored(shape: TableShape, values: Mapping[str, Any]) -> Row:
    """Columns from what the log kept; words that the table does not have any more are left out."""
    row: Row = {}
    for word, one in values.items():
        column = shape.table.columns.get(shape.column(word))
        if column is None:
            continue
        if isinstance(column.type, Date) and one is not None:
            row[column.name] = date.fromisoformat(one)
        elif isinstance(column.type, Time) and one is not None:
            row[column.name] = time.fromisoformat(one)
        else:
            row[column.name] = one
    return row


def portions(things: Iterable[_Thing]) -> Iterator[list[_Thing]]:
    """Things as they come, so many at once as are read and written together."""
    left = iter(things)
    while portion := list(islice(left, PORTION)):
        yield portion
