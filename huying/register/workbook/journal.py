"""Rows of the register written in bulk, each with a line of the log that says what it was and what it became; and rows put back from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from huying.database.tables import register_changes, register_deeds
from huying.house.by import By

#: So many rows go to the database at once.
_PORTION = 1_000
#: What never stands in the log.
SECRET = ("passphrase_hash",)
_ABOUT = {"participant": "person_id", "station": "station_id", "organisation": "organisation_id"}

TableRow = dict[str, Any]


def deed(connection: Connection, by: By, why: str, undoes: int | None = None) -> int:
    """A deed to which changes belong; its number."""
    values = {"way": "sheet", "by_id": by.person, "at": by.now, "why": why[:1000], "undoes_id": undoes}
    return connection.execute(insert(register_deeds).values(values).returning(register_deeds.c.id)).scalar_one()  # type: ignore[no-any-return]


class RowJournal:
    """Writes rows of one deed; everything goes through here, so that the log is whole."""

    def __init__(self, connection: Connection, deed_id: int) -> None:
        self._connection = connection
        self._deed = deed_id

    def add(self, table: Table, rows: Sequence[TableRow]) -> list[TableRow]:
        """Insert rows; the same with the keys that they were given."""
        keys = tuple(table.primary_key.columns)
        numbered = len(keys) == 1 and keys[0].name == "id"
        made: list[TableRow] = []
        for portion in _portions(rows):
            if numbered and "id" not in portion[0]:
                given = self._connection.execute(
                    insert(table).returning(table.c.id, sort_by_parameter_order=True), portion
                )
                made += [{"id": row.id, **values} for row, values in zip(given, portion, strict=True)]
            else:
                self._connection.execute(insert(table), portion)
                made += portion
        self._log(table, [(None, row) for row in made])
        return made

    def change(self, table: Table, pairs: Sequence[tuple[TableRow, TableRow]]) -> None:
        """Bring rows from what they were to what they become; their keys stay."""
        keys = [column.name for column in table.primary_key.columns]
        by_columns: Mapping[tuple[str, ...], list[TableRow]] = defaultdict(list)
        real = [(before, after) for before, after in pairs if before != after]
        for before, after in real:
            columns = tuple(name for name in after if before.get(name) != after[name])
            by_columns[columns].append({f"b_{name}": after[name] for name in (*columns, *keys)})
        for columns, rows in by_columns.items():
            fits = [table.c[name] == bindparam(f"b_{name}") for name in keys]
            statement = update(table).where(*fits).values({name: bindparam(f"b_{name}") for name in columns})
            for portion in _portions(rows):
                self._connection.execute(statement, portion)
        self._log(table, real)

    def take_out(self, table: Table, rows: Sequence[TableRow]) -> list[TableRow]:
        """Delete rows; those that something else refers to stay, and are returned."""
        kept: list[TableRow] = []
        for portion in _portions(rows):
            if not self._gone(table, portion):
                kept += [row for row in portion if not self._gone(table, [row])]
        left = {id(row) for row in kept}
        self._log(table, [(row, None) for row in rows if id(row) not in left])
        return kept

    def _gone(self, table: Table, rows: Sequence[TableRow]) -> bool:
        try:
            with self._connection.begin_nested():
                self._connection.execute(delete(table).where(_among(table, rows)))
        except IntegrityError:
            return False
        return True

    def _log(self, table: Table, pairs: Iterable[tuple[TableRow | None, TableRow | None]]) -> None:
        lines = [
            {
                "deed_id": self._deed,
                "of_table": table.name,
                "row_key": key_of(table, after or before or {}),
                "before": plain(before),
                "after": plain(after),
                **_about(table, after or before or {}),
            }
            for before, after in pairs
        ]
        for portion in _portions(lines):
            self._connection.execute(insert(register_changes), portion)


def key_of(table: Table, row: TableRow) -> str:
    """The key of a row as the log writes it."""
    return ",".join(str(row[column.name]) for column in table.primary_key.columns)


def plain(row: TableRow | None) -> TableRow | None:
    """A row as JSON can hold it, without secrets."""
    if row is None:
        return None
    return {name: _plain(value) for name, value in row.items() if name not in SECRET}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def lively(table: Table, row: Mapping[str, Any]) -> TableRow:
    """A row of the log with days and hours again."""
    return {name: _lively(table, name, value) for name, value in row.items()}


def _lively(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type.python_type
    return kind.fromisoformat(value) if value is not None and kind in (date, datetime, time) else value


def rows_by_key(connection: Connection, table: Table, keys: Sequence[str]) -> dict[str, TableRow]:
    """The rows of these keys as they are now."""
    found: dict[str, TableRow] = {}
    columns = [column.name for column in table.primary_key.columns]
    for portion in _portions(keys):
        wanted = [dict(zip(columns, _parts(table, key), strict=True)) for key in portion]
        for row in connection.execute(select(table).where(_among(table, wanted))).mappings():
            values = dict(row)
            found[key_of(table, values)] = values
    return found


def _parts(table: Table, key: str) -> list[Any]:
    columns = list(table.primary_key.columns)
    parts = key.split(",", len(columns) - 1)
    return [int(part) if column.type.python_type is int else part for column, part in zip(columns, parts, strict=True)]


def _among(table: Table, rows: Sequence[TableRow]) -> Any:
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([row[columns[0].name] for row in rows])
    return tuple_(*columns).in_([tuple(row[column.name] for column in columns) for row in rows])


def _about(table: Table, row: TableRow) -> TableRow:
    """Whom and what a row is about, for the log of each."""
    about: TableRow = {"person_id": None, "station_id": None, "organisation_id": None}
    if table.name in _ABOUT:
        about[_ABOUT[table.name]] = row["id"]
    about["person_id"] = about["person_id"] or row.get("participant_id")
    about["station_id"] = about["station_id"] or row.get("station_id")
    about["organisation_id"] = about["organisation_id"] or row.get("organisation_id")
    return about


def _portions(rows: Sequence[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(rows), _PORTION):
        yield list(rows[start : start + _PORTION])
