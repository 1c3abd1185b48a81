"""The rows of the register while changes are made to them: found by number or by what people call them, and written as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Time, and_, func, insert, select, text

from huying.register.shapes import SHAPES, TableShape, Value, Values

#: A row by column.
Row = dict[str, Any]
#: A table of which more rows than this change is read whole.
_MANY = 20


class RegisterRows:
    """What stands in the register, as the changes so far have left it; ``many`` says of which tables how many rows will be asked for."""

    def __init__(self, connection: Connection, many: Mapping[str, int]) -> None:
        self.connection = connection
        self._many = many
        self._numbers: dict[str, dict[Any, int]] = {}
        self._whole: dict[str, dict[tuple[Any, ...], Row]] = {}
        self._codes: dict[str, set[str]] | None = None
        self._held: dict[int, list[Row]] | None = None
        #: New rows of one table that are written together.
        self._waiting: list[Row] = []
        self._fresh: Iterator[int] = iter(())
        self._of = ""

    def number(self, of: str, value: Value) -> int | None:
        """The number of the row that is called so, or has this number; ``None`` if there is none, or nothing was named."""
        if value in (None, ""):
            return None
        table, word = SHAPES[of].table, SHAPES[of].key[0]
        if of not in self._numbers and self._of == of:
            self.settle()
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
        if self._many.get(shape.name, 0) <= _MANY:
            return self._one(shape, and_(*(table.c[name].is_not_distinct_from(key[name]) for name in _columns(shape))))
        whole = self._whole.get(shape.name)
        if whole is None:
            rows = (dict(row) for row in self.connection.execute(select(table)).mappings())
            whole = self._whole[shape.name] = {_key(shape, row): row for row in rows}
        return whole.get(_key(shape, key))

    def put(self, shape: TableShape, before: Row | None, after: Row | None) -> None:
        """Know what a row has become."""
        whole, numbers = self._whole.get(shape.name), self._numbers.get(shape.name)
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
        if self._many.get(shape.name, 0) <= _MANY:
            statement = insert(shape.table)
            if not numbered:
                self.connection.execute(statement, full)
                return full
            number = self.connection.execute(statement.returning(shape.table.c.id), full).scalar_one()
            return {**full, "id": number}
        if self._of != shape.name:
            self.settle()
            self._of = shape.name
            self._fresh = iter(self._numbers_to_come(shape, self._many[shape.name])) if numbered else iter(())
        if numbered:
            full["id"] = next(self._fresh)
        self._waiting.append(full)
        return full

    def settle(self) -> None:
        """Write what still waits."""
        if self._waiting:
            self.connection.execute(insert(SHAPES[self._of].table), self._waiting)
        self._waiting, self._of = [], ""

    def mandates(self, person: int) -> Sequence[Row]:
        """What somebody was elected to, the latest first."""
        table = SHAPES["mandate"].table
        query = select(table).order_by(table.c.since.desc())
        if self._many.get("membership", 0) <= _MANY:
            return [
                dict(row) for row in self.connection.execute(query.where(table.c.participant_id == person)).mappings()
            ]
        if self._held is None:
            self._held = {}
            for row in self.connection.execute(query).mappings():
                self._held.setdefault(row["participant_id"], []).append(dict(row))
        return self._held.get(person, [])

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
