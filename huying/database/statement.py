"""Statements for the hot path: written in SQLAlchemy Core, compiled once for each dialect, run on the driver's own cursor.

Core's execution costs 60 to 80 µs a statement, more than SQLite itself takes; an action has ten of them. What is written and how values are
converted is still Core's: only the way to the driver is shorter. The transaction is the caller's; what is ``put`` goes with its bundle, if it
has one (``bundle.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.expression import ClauseElement, Select

from huying.database.bundle import BundledStatement, bundle_of, said_by, settle

Convert = Callable[[Any], Any]
Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as the driver wants it, and how values go in and come out."""

    sql: str
    positional: bool
    parameters: tuple[tuple[str, Convert | None], ...]
    fixed: Mapping[str, Any]
    outwards: tuple[tuple[int, Convert], ...]
    #: As it stands in a bundle; of PostgreSQL alone.
    part: BundledStatement | None

    def bind(self, values: Parameters) -> Any:
        """The parameters of one execution."""
        given = {**self.fixed, **values} if self.fixed else values
        if self.positional:
            return tuple(
                [given[name] if convert is None else convert(given[name]) for name, convert in self.parameters]
            )
        return {name: given[name] if convert is None else convert(given[name]) for name, convert in self.parameters}

    def row(self, raw: Sequence[Any]) -> Sequence[Any]:
        """One row with its values converted."""
        if not self.outwards:
            return raw
        values = list(raw)
        for position, convert in self.outwards:
            values[position] = convert(values[position])
        return values


class Statement:
    """One statement; an insert names its columns, since every execution gives the same ones.

    How it is written is the same for all databases of a kind; how values are converted is each one's own, since each has its own keys.
    """

    def __init__(self, clause: ClauseElement, columns: Iterable[str] | None = None) -> None:
        self._clause = clause
        self._columns = list(columns) if columns is not None else None
        self._compiled: dict[str, Any] = {}
        self._ready: WeakKeyDictionary[Dialect, _Ready] = WeakKeyDictionary()

    def sent(self, dialect: Dialect, rows: Sequence[Parameters]) -> tuple[str, Any]:
        """What the driver is sent: the SQL, and the parameters of one row or a list of those of several."""
        ready = self._for(dialect)
        return ready.sql, ready.bind(rows[0]) if len(rows) == 1 else [ready.bind(row) for row in rows]

    def run(self, connection: Connection, values: Parameters) -> int:
        """Execute once; how many rows it touched."""
        settle(connection)
        ready = self._for(connection.dialect)
        with _Cursor(connection, ready) as cursor:
            cursor.execute(ready.sql, ready.bind(values))
            return int(cursor.rowcount)

    def put(self, connection: Connection, values: Parameters) -> None:
        """Write once; of the rows of one bundle each is written once."""
        self.put_many(connection, (values,))

    def put_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Write for each row; nothing for none. Of the rows of one bundle each is written once."""
        if not rows:
            return
        ready = self._for(connection.dialect)
        bundle = bundle_of(connection)
        if bundle is not None and ready.part is not None:
            for row in rows:
                bundle.add(ready.part, row)
            return
        with _Cursor(connection, ready) as cursor:
            if len(rows) == 1:
                cursor.execute(ready.sql, ready.bind(rows[0]))
            else:
                cursor.executemany(ready.sql, [ready.bind(row) for row in rows])

    def rows(self, connection: Connection, values: Parameters, *, apart: bool = False) -> list[Sequence[Any]]:
        """The rows of a query, or those that a change gives back; ``apart`` from what is gathered, as long as that has begun no transaction."""
        settle(connection, apart=apart)
        ready = self._for(connection.dialect)
        with _Cursor(connection, ready) as cursor:
            cursor.execute(ready.sql, ready.bind(values))
            return [ready.row(raw) for raw in cursor.fetchall()]

    def _for(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect)
        if ready is None:
            compiled = self._compiled.get(dialect.name)
            if compiled is None:
                columns = self._columns if isinstance(self._clause, Insert) else None
                compiled = self._compiled[dialect.name] = self._clause.compile(dialect=dialect, column_keys=columns)
            ready = self._ready[dialect] = _converted(self._clause, compiled, dialect)
        return ready


class _Cursor:
    """The driver's cursor for a ``with``; its errors come out as SQLAlchemy's. (A generator would cost as much as a short statement.)"""

    __slots__ = ("_connection", "_cursor", "_sql")

    def __init__(self, connection: Connection, ready: _Ready) -> None:
        self._connection = connection
        self._sql = ready.sql
        self._cursor: Any = connection.connection.cursor()

    def __enter__(self) -> Any:
        return self._cursor

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._cursor.close()
        if isinstance(error, self._connection.dialect.loaded_dbapi.Error):
            raise said_by(self._connection, self._sql, error) from error


def _converted(clause: ClauseElement, compiled: Any, dialect: Dialect) -> _Ready:
    outwards = []
    if isinstance(clause, Select | UpdateBase):
        columns_out = clause.selected_columns if isinstance(clause, Select) else clause.exported_columns
        for position, column in enumerate(columns_out):
            convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if convert is not None:
                outwards.append((position, convert))
    fixed = {name: parameter.value for name, parameter in compiled.binds.items() if not parameter.required}
    order = compiled.binds if compiled.positiontup is None else compiled.positiontup
    parameters = tuple(
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order
    )
    positional = compiled.positiontup is not None
    part = None if positional else BundledStatement.of(compiled.string, dict(parameters), fixed)
    return _Ready(compiled.string, positional, parameters, fixed, tuple(outwards), part)
