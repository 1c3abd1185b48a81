"""The register's log in words: who changed what, when, why, from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from definitions.text import Said
from huying.database.tables import (
    areas,
    codes,
    organisations,
    participants,
    register_changes,
    register_deeds,
    stations,
)
from huying.house.house import House
from huying.register.forms import FORMS
from huying.register.shapes import SHAPES, TableShape

#: So many lines stand on a page.
MOST = 50
WAYS: Mapping[str, Said] = {
    "page": Said("网页", "on a page"),
    "sheet": Said("表格导入", "by a sheet"),
    "file": Said("文件导入", "by a file"),
    "command": Said("命令行", "by a command"),
}
_NEW, _GONE, _NONE = Said("新增", "new"), Said("删去", "taken out"), Said("空", "empty")
_YES, _NO = Said("是", "yes"), Said("否", "no")
_TABLES = {"area": areas, "station": stations, "organisation": organisations, "participant": participants}


@dataclass(frozen=True, slots=True)
class RegisterLogLine:
    """One row that was changed: what it is and how it is called, and in words what was said of it before and after."""

    deed: int
    at: datetime
    by: str
    way: str
    why: str
    what: str
    name: str
    changes: tuple[tuple[str, str, str], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class DeedLine:
    """Changes that were made together: how many rows; ``undone``: they were taken back."""

    id: int
    at: datetime
    by: str
    way: str
    why: str
    rows: int
    undoes: int | None
    undone: bool


def log_of(house: House, language: str, *which: ColumnElement[bool], most: int = MOST) -> tuple[RegisterLogLine, ...]:
    """The latest changes that are meant, the newest first; conditions are on ``register_changes``."""
    c, d = register_changes.c, register_deeds.c
    query = (
        select(register_changes, d.at, d.way, d.why, participants.c.name.label("by"))
        .join(register_deeds, d.id == c.deed_id)
        .outerjoin(participants, participants.c.id == d.by_id)
        .where(*which)
        .order_by(c.id.desc())
        .limit(most)
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
        words = _Words(connection, rows, language)
        return tuple(words.line(row) for row in rows)


def deeds(house: House, language: str, most: int = MOST) -> tuple[DeedLine, ...]:
    """The latest deeds, the newest first."""
    d = register_deeds.c
    count = select(func.count()).where(register_changes.c.deed_id == d.id).scalar_subquery()
    later = register_deeds.alias("later")
    undone = select(func.count()).where(later.c.undoes_id == d.id).scalar_subquery()
    query = (
        select(register_deeds, participants.c.name.label("by"), count.label("rows"), undone.label("undone"))
        .outerjoin(participants, participants.c.id == d.by_id)
        .order_by(d.id.desc())
        .limit(most)
    )
    with house.database.reading() as connection:
        return tuple(
            DeedLine(
                row.id,
                row.at,
                row.by or "",
                WAYS[row.way].of(language),
                row.why,
                row._mapping["rows"],
                row.undoes_id,
                bool(row.undone),
            )
            for row in connection.execute(query).all()
        )


class _Words:
    """Names of all rows that a few lines of the log refer to, asked once for each table."""

    def __init__(self, connection: Connection, rows: Any, language: str) -> None:
        self._language = language
        wanted: dict[str, set[int]] = {}
        for row in rows:
            shape = SHAPES[row.of_table]
            for values in (row.before, row.after):
                for word, of in shape.refers.items():
                    if values and values.get(word):
                        wanted.setdefault(of, set()).add(values[word])
        self._names = {of: _names(connection, of, ids) for of, ids in wanted.items()}

    def line(self, row: Any) -> RegisterLogLine:
        """One line in words."""
        shape = SHAPES[row.of_table]
        values = row.after or row.before
        kind = "new" if row.before is None else "gone" if row.after is None else "changed"
        return RegisterLogLine(
            deed=row.deed_id,
            at=row.at,
            by=row.by or "",
            way=WAYS[row.way].of(self._language),
            why=row.why,
            what=shape.title.of(self._language),
            name=self._called(shape, values),
            changes=tuple(self._changes(shape, row.before or {}, row.after or {})) if kind == "changed" else (),
            kind={"new": _NEW, "gone": _GONE}[kind].of(self._language) if kind != "changed" else "",
        )

    def _called(self, shape: TableShape, values: Mapping[str, Any]) -> str:
        """How a row is called: by its name, else by what it is known by."""
        if named := values.get("name_zh") or values.get("name"):
            return str(named)
        parts = (self._value(shape, word, values.get(word)) for word in shape.key if values.get(word) is not None)
        return " · ".join(part for part in parts if part)

    def _changes(
        self, shape: TableShape, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, str]]:
        titles = {asked.word: asked.title.of(self._language) for asked in FORMS.get(shape.name, ())}
        for word in {**before, **after}:
            was, now = before.get(word), after.get(word)
            if was != now:
                none = _NONE.of(self._language)
                said = (self._value(shape, word, was) or none, self._value(shape, word, now) or none)
                yield titles.get(word, word), *said

    def _value(self, shape: TableShape, word: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return (_YES if value else _NO).of(self._language)
        if word in shape.refers:
            return self._names.get(shape.refers[word], {}).get(value, str(value))
        asked = next((one for one in FORMS.get(shape.name, ()) if one.word == word), None)
        if asked is not None and asked.choices and str(value) in asked.choices:
            return asked.choices[str(value)].of(self._language)
        return str(value)


def _names(connection: Connection, of: str, ids: set[int]) -> dict[int, str]:
    table = _TABLES.get(of, codes)
    name = table.c.name if of == "participant" else table.c.name_zh
    return {row[0]: row[1] for row in connection.execute(select(table.c.id, name).where(table.c.id.in_(ids)))}
