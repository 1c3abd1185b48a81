"""What one change writes, gathered on its way to PostgreSQL and sent in one statement: one round trip, and a transaction of its own.

Whatever is read in between makes it a transaction of several statements first, so that no query sees less than it would without a bundle. In
one statement no part sees what another does, so whoever writes by ``Statement.put`` writes no row twice between two queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from huying.database.connections import Database

#: Under this name a connection carries its bundle, as long as it has one.
_OPTION = "bundle"
#: So many different sets of writes are kept put together; an office has a few hundred.
_SHAPES = 512
_PLACE = re.compile(r"%\((\w+)\)s")
Convert = Any


@dataclass(frozen=True, slots=True, eq=False)
class BundledStatement:
    """One statement as it stands in a bundle: its text between the places of its values, and how each value goes in."""

    texts: tuple[str, ...]
    names: tuple[tuple[str, Convert | None], ...]
    fixed: Mapping[str, Any]

    @classmethod
    def of(cls, sql: str, converts: Mapping[str, Convert | None], fixed: Mapping[str, Any]) -> BundledStatement:
        """Of a statement as psycopg is given it."""
        found = _PLACE.split(sql)
        texts = tuple(text.replace("%%", "%") for text in found[::2])
        return cls(texts, tuple((name, converts[name]) for name in found[1::2]), fixed)

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The values of one execution, in their places."""
        known = {**self.fixed, **given} if self.fixed else given
        return [_said(known[name] if convert is None else convert(known[name])) for name, convert in self.names]


def _said(value: Any) -> Any:
    """As text, which the server reads by the column's type: a statement is planned once, whatever the sizes of its numbers."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else value


@lru_cache(_SHAPES)
def _together(parts: tuple[BundledStatement, ...]) -> str:
    """The statement of all of them, in one."""
    number, written = 0, list[str]()
    for position, part in enumerate(parts):
        text = part.texts[0]
        for after in part.texts[1:]:
            number += 1
            text += f"${number}{after}"
        written.append(f"q{position} AS ({text})")
    return f"WITH {', '.join(written)} SELECT 1"


class Bundle:
    """The writes of one change, on a connection on which each statement is its own transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.driver_connection
        self._parts: list[BundledStatement] = []
        self._values: list[Any] = []
        self.begun = False

    def add(self, part: BundledStatement, values: Mapping[str, Any]) -> None:
        """Write this with the rest."""
        self._parts.append(part)
        self._values += part.values(values)

    def settle(self) -> None:
        """Write what is gathered, in a transaction that goes on: somebody is about to read in it."""
        if not self.begun:
            self._send("BEGIN", ())
            self.begun = True
        self._flush()

    def commit(self) -> None:
        """Write what is left, and make all of it true."""
        self._flush()
        if self.begun:
            self._send("COMMIT", ())
            self.begun = False

    def roll_back(self) -> None:
        """Leave nothing of it."""
        self._parts, self._values = [], []
        if self.begun and not self._connection.invalidated:
            self._send("ROLLBACK", ())
        self.begun = False

    def _flush(self) -> None:
        if self._parts:
            parts, values = tuple(self._parts), self._values
            self._parts, self._values = [], []
            self._send(_together(parts), values)

    def _send(self, sql: str, values: Sequence[Any]) -> None:
        try:
            with psycopg.RawCursor(self._driver) as cursor:
                # the text is made of compiled statements and numbers of places
                cursor.execute(sql.encode(), values)
        except psycopg.Error as error:
            raise said_by(self._connection, sql, error) from error


def bundle_of(connection: Connection) -> Bundle | None:
    """What a connection gathers, if it does."""
    found: Bundle | None = connection.get_execution_options().get(_OPTION)
    return found


def settle(connection: Connection, *_: object, apart: bool = False) -> None:
    """Write what a connection has gathered, if it has: a query follows. One ``apart`` needs only what has been written already."""
    bundle = bundle_of(connection)
    if bundle is not None and (bundle.begun or not apart):
        bundle.settle()


def said_by(connection: Connection, sql: str, error: Exception) -> DBAPIError:
    """A driver's error as SQLAlchemy's; if the connection is lost, nobody gets it again."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    found = DBAPIError.instance(sql, None, error, base, connection_invalidated=lost)
    assert isinstance(found, DBAPIError)
    return found


@contextmanager
def bundled(database: Database, connection: Connection) -> Iterator[None]:
    """A transaction on a reading connection, in which what is ``put`` becomes true together, or nothing.

    On PostgreSQL it goes in one statement, unless something is read in between; on SQLite it has the write lock from its beginning.
    """
    database.tell("begin")
    with _immediate(database, connection) if database.sqlite else _gathered(database, connection):
        yield
        database.tell("commit")
    database.tell("committed")


@contextmanager
def _immediate(database: Database, connection: Connection) -> Iterator[None]:
    database.begin_immediate(connection)
    try:
        yield
        _end(connection, "commit")
    except BaseException:
        _end(connection, "rollback")
        raise


@contextmanager
def _gathered(database: Database, connection: Connection) -> Iterator[None]:
    bundle = Bundle(connection)
    connection.execution_options(**{_OPTION: bundle})
    try:
        yield
        bundle.commit()
    except BaseException:
        with suppress(DBAPIError):
            bundle.roll_back()
        raise
    finally:
        if not connection.invalidated:
            connection.execution_options(**{_OPTION: None})


def _end(connection: Connection, how: str) -> None:
    try:
        getattr(connection.connection.driver_connection, how)()
    except connection.dialect.loaded_dbapi.Error as error:
        raise said_by(connection, how.upper(), error) from error
