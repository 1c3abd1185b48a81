"""The books of the house: what other issues have taken, as the database has it.

Whoever decides by an answer and writes the decision down does both in one transaction with a books that ``holds``: what was asked about is then
locked until the transaction ends, so that of two that want the last day, room or number the second sees what the first has taken. On SQLite
a writing transaction is alone anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, bindparam, cast, func, literal_column, or_, select, text

from definitions.model.reference import Reference
from engine.books.books import Series, Sum, UniqueValue, most_at_once, summed
from engine.state import Booking
from huying.database.gap import left_out
from huying.database.statement import Statement
from huying.database.tables import bookings, definition_versions, given_numbers, issues, unique_values
from models.kept import MARK, counted
from models.sealed import ring_of

#: More issues than this are not summed up; the latest count.
_MOST = 10_000

_last = Statement(
    select(func.max(given_numbers.c.sequence)).where(
        given_numbers.c.series == bindparam("series"),
        given_numbers.c.station == bindparam("station"),
        given_numbers.c.year == bindparam("year"),
    )
)
_by_then = Statement(
    select(func.max(given_numbers.c.sequence)).where(
        given_numbers.c.series == bindparam("series"),
        given_numbers.c.station == bindparam("station"),
        given_numbers.c.year == bindparam("year"),
        given_numbers.c.given_at <= bindparam("by"),
    )
)
_overlapping = Statement(
    select(bookings.c.begins_at, bookings.c.ends_at).where(
        bookings.c.resource == bindparam("resource"),
        bookings.c.unit == bindparam("unit"),
        bookings.c.ends_at > bindparam("begins"),
        bookings.c.begins_at < bindparam("ends"),
        bookings.c.issue_id != bindparam("beside"),
    )
)
_standing = Statement(
    select(unique_values.c.issue_id).where(
        unique_values.c.definition_key == bindparam("definition_key"),
        unique_values.c.field == bindparam("field"),
        unique_values.c.scope == bindparam("scope"),
        unique_values.c.digest == bindparam("digest"),
        unique_values.c.issue_id != bindparam("beside"),
    )
)


def key_of(connection: Connection, value: UniqueValue) -> dict[str, str]:
    """The columns by which a value is held, without saying it: it may be personal."""
    digest = ring_of(connection.dialect).mac("unique", value.alike)
    return {"definition_key": value.definition, "field": value.field, "scope": value.scope, "digest": digest}


class HouseBooks:
    """Answers the kernel on one connection, for one issue (``beside``; ``None`` while it is opened)."""

    def __init__(self, connection: Connection, beside: int | None = None, *, holds: bool = False) -> None:
        self._connection = connection
        self._beside = beside or 0
        self._holds = holds
        #: What was asked about, by the names under which it is locked.
        self.asked: set[str] = set()

    def hold(self, names: Iterable[str]) -> None:
        """Lock what will be asked about, always in one order, so that nobody waits in a circle."""
        for name in sorted(names):
            self._about(name)

    def last(self, series: Series) -> int:
        """The last number given in a series; 0 if none was. Those count that may have been given before the house was restored from a backup."""
        self._about(f"series {series.name} {series.station} {series.year}")
        values = {"series": series.name, "station": series.station, "year": series.year}
        given = int(_last.rows(self._connection, values)[0][0] or 0)

        def highest_by(moment: datetime) -> int:
            return int(_by_then.rows(self._connection, {**values, "by": moment})[0][0] or 0)

        return max(given, left_out(self._connection, series.year, highest_by))

    def total(self, wanted: Sum) -> float:
        """A sum over other issues: of the latest ten thousand, if there are more."""
        self._about(f"sum {wanted.definition} {wanted.reporter} {wanted.station} {wanted.values}")
        value = self._value(wanted.field) if wanted.field else literal_column("1")
        query = select(issues.c.id, value).where(*self._conditions(wanted)).order_by(issues.c.id.desc()).limit(_MOST)
        return summed(_number(self._opened(*row, wanted.field)) for row in self._connection.execute(query).all())

    def _opened(self, issue_id: int, value: Any, name: str | None) -> Any:
        """A value that may be sealed."""
        if name is None or not (isinstance(value, str) and value.startswith(MARK)):
            return value
        state = self._connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        return state.data.get(name)

    def taken(self, wanted: Booking) -> int:
        """How much others have at once within the time of a booking, at most."""
        self._about(f"resource {wanted.resource} {wanted.unit}")
        values = {
            "resource": wanted.resource,
            "unit": wanted.unit,
            "begins": wanted.begins,
            "ends": wanted.ends,
            "beside": self._beside,
        }
        spans = ((row[0], row[1]) for row in _overlapping.rows(self._connection, values))
        return most_at_once(spans, wanted.begins, wanted.ends)

    def stands(self, value: UniqueValue) -> bool:
        """Whether another issue has this value: not locked, the key of the table refuses whoever comes at the same time."""
        return bool(_standing.rows(self._connection, {**key_of(self._connection, value), "beside": self._beside}))

    def _about(self, name: str) -> None:
        if self._holds and name not in self.asked and self._connection.dialect.name == "postgresql":
            self._connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7227391))"), {"name": name}
            )
        self.asked.add(name)

    def _conditions(self, wanted: Sum) -> list[ColumnElement[bool]]:
        versions = select(definition_versions.c.id).where(definition_versions.c.key == wanted.definition)
        found = [issues.c.definition_version_id.in_(versions), issues.c.id != self._beside]
        if wanted.reporter is not None:
            found.append(issues.c.reporter_id == Reference.parse(wanted.reporter).number)
        if wanted.station is not None:
            found.append(issues.c.station_id == wanted.station)
        if wanted.resolutions:
            found.append(issues.c.resolution.in_(wanted.resolutions))
        if wanted.status is not None:
            found.append(issues.c.status == wanted.status)
        if wanted.since is not None:
            found.append(issues.c.opened_at >= wanted.since)
        return [*found, *(self._holds_alike(name, value) for name, value in wanted.values)]

    def _holds_alike(self, name: str, value: Any) -> ColumnElement[bool]:
        """The value itself, or what stands for it where it is sealed."""
        digest = counted(ring_of(self._connection.dialect), name, value)
        held = self._value(name)
        return or_(held == self._plain(value), cast(held, String).like(f"{MARK}%.{digest}"))

    def _value(self, name: str) -> ColumnElement[Any]:
        """What the state of an issue holds in a field: of SQLite the value, of PostgreSQL its text."""
        if self._connection.dialect.name == "sqlite":
            return func.json_extract(cast(issues.c.state, String), f'$.data."{name}"')
        return func.json_extract_path_text(issues.c.state, "data", name)

    def _plain(self, value: Any) -> Any:
        if self._connection.dialect.name == "sqlite":
            return int(value) if isinstance(value, bool) else value
        return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return float(value) if "." in value or "e" in value.lower() else int(value)
        except ValueError:
            return None
    return value
