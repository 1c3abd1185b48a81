"""One question as one statement, the same for every database: a scan for each moment at which something is counted, station by station; then areas.

Grouping by station comes before any join with areas: an area has a few hundred stations, and a station thousands of issues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from definitions.figures.condition import ALWAYS
from definitions.figures.names import CLOSED, DUE, EVENTS, IN_HAND, ISSUE, OPENED, PROMISE
from definitions.figures.set import FigureSet
from huying.database.tables import areas, definition_versions, issues, promises, stations, tallies
from huying.figures.columns import SqlConditions
from huying.figures.question import DaySpan, FigureAxis

_i = issues.c
#: The columns of axes that are found in the issue itself.
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "channel": _i.channel,
    "kind": _i.kind,
    "step": _i.step,
    "deputy": _i.answerable_id,
    "department": _i.department_id,
}
# written out: PostgreSQL takes two parameters for two different things where it groups
_NOTHING: ColumnElement[int] = literal_column("0", Integer())
_SLASH: ColumnElement[str] = literal_column("'/'", String())
_FIRST, _SEVEN = literal_column("1", Integer()), literal_column("7", Integer())
_DAYS: Mapping[str, ColumnElement[Any]] = {OPENED: _i.opened_on, CLOSED: _i.closed_on, DUE: _i.finish_on}


@dataclass(frozen=True, slots=True)
class FigureCount:
    """What is to be counted: of a set these measures, in a span, by axes, of the issues of some ``places`` that are ``whose``."""

    figures: FigureSet
    measures: tuple[str, ...]
    span: DaySpan
    axes: tuple[FigureAxis, ...]
    places: tuple[ColumnElement[bool], ...]
    whose: tuple[ColumnElement[bool], ...]
    conditions: SqlConditions


def statement(of: FigureCount) -> Select[Any]:
    """A row for each cell: its keys (``k0``, ``k1`` …), then the measures by their place (``m0`` …)."""
    return _Statement(of).whole()


def issues_behind(of: FigureCount, measure: str, keys: Sequence[object]) -> Select[Any]:
    """The issues of one number: id, number and day, the oldest first (of what is due, what was due first); ``keys`` are those of its cell."""
    return _Statement(of).behind(measure, keys)


def in_area(code: str) -> ColumnElement[bool]:
    """Issues of the stations of an area and of all areas in it."""
    down = select(areas.c.id).where(areas.c.code == code).cte("inside", recursive=True)
    down = down.union(select(areas.c.id).join(down, areas.c.parent_id == down.c.id))
    return _i.station_id.in_(select(stations.c.id).where(stations.c.area_id.in_(select(down.c.id))))


def everywhere() -> ColumnElement[bool]:
    """All stations: said so that a database looks station by station into its index."""
    return _i.station_id.in_(select(stations.c.id))


@dataclass(frozen=True, slots=True)
class _Scan:
    """One reading of rows: of issues at a moment, of tallies or of promises; ``months``: of what is in hand, each month with its last day."""

    of: str
    at: str
    measures: tuple[str, ...]
    month: tuple[str, date] | None = None


class _Statement:
    def __init__(self, of: FigureCount) -> None:
        self.of = of
        self.sql = of.conditions.sql
        names = {axis.name for axis in of.axes}
        self.by_place = bool(names & {"area", "station"})
        self.by_version = bool(names & {"process", "step"})

    # -- the whole

    def whole(self) -> Select[Any]:
        scans = [self._scan(one) for one in self._scans()]
        found = (union_all(*scans) if len(scans) > 1 else scans[0]).cte("counted")
        source: Any = found
        keys: list[ColumnElement[Any]] = []
        for index, axis in enumerate(self.of.axes):
            key, source = self._key(index, axis, found, source)
            keys.append(key.label(f"k{index}"))
        sums = [func.sum(found.c[f"m{index}"]).label(f"m{index}") for index in range(len(self.of.measures))]
        return select(*keys, *sums).select_from(source).group_by(*keys)

    def _key(self, index: int, axis: FigureAxis, found: CTE, source: Any) -> tuple[ColumnElement[Any], Any]:
        match axis.name:
            case "station":
                return found.c.station_id, source
            case "area":
                up = _above() if axis.level is None else _regions(axis.level)
                place = stations.alias(f"place{index}")
                source = source.join(place, place.c.id == found.c.station_id).outerjoin(
                    up, up.c.area_id == place.c.area_id
                )
                return up.c.region, source
            case "process" | "step":
                version = definition_versions.alias(f"version{index}")
                source = source.join(version, version.c.id == found.c.version_id)
                key = version.c.key if axis.name == "process" else version.c.key + _SLASH + found.c.step
                return key, source
        return found.c[axis.name], source

    # -- a scan

    def _scans(self) -> Iterator[_Scan]:
        several: dict[tuple[str, str], list[str]] = {}
        for key in self.of.measures:
            measure = self.of.figures.measures[key]
            kind: str = measure.of if measure.of in (ISSUE, PROMISE) else "event"
            several.setdefault((kind, measure.at), []).append(key)
        by_month = any(axis.name == "month" for axis in self.of.axes)
        for (kind, at), keys in several.items():
            if at != IN_HAND:
                yield _Scan(kind, at, tuple(keys))
            elif by_month:
                yield from (_Scan(kind, at, tuple(keys), month) for month in self.of.span.months())
            else:
                yield _Scan(kind, at, tuple(keys), ("", self.of.span.end))

    def _scan(self, scan: _Scan) -> Select[Any]:
        keys = dict(self._keys(scan))
        counted = [self._sum(key) if key in scan.measures else _NOTHING for key in self.of.measures]
        named = [one.label(name) for name, one in keys.items()]
        sums = [one.label(f"m{index}") for index, one in enumerate(counted)]
        query = select(*named, *sums).select_from(_table(scan)).where(*self._where(scan))
        # the month of what is in hand is the same in all rows of a scan
        return query.group_by(*(one for name, one in keys.items() if not (name == "month" and scan.at == IN_HAND)))

    def _keys(self, scan: _Scan) -> Iterator[tuple[str, ColumnElement[Any]]]:
        if self.by_place:
            yield "station_id", _i.station_id
        if self.by_version:
            yield "version_id", _i.definition_version_id
        for axis in self.of.axes:
            if axis.name == "month":
                yield "month", _month(scan)
            elif axis.name in _COLUMNS:
                yield axis.name, _COLUMNS[axis.name]

    def _sum(self, key: str) -> ColumnElement[int]:
        measure, asked = self.of.figures.measures[key], self.of.figures.conditions[key]
        several = [self.sql(asked)] if asked != ALWAYS else []
        if measure.of in EVENTS:
            several.insert(0, tallies.c.what == EVENTS[measure.of])
        if not several:
            return func.count()
        return func.coalesce(func.sum(case((and_(*several), 1), else_=0)), 0)

    def _where(self, scan: _Scan) -> Iterator[ColumnElement[bool]]:
        if self.of.figures.base != ALWAYS:
            yield self.sql(self.of.figures.base)
        yield from self.of.places
        yield from self.of.whose
        if scan.of == "event":
            whats = sorted({EVENTS[self.of.figures.measures[key].of] for key in scan.measures})
            yield tallies.c.what.in_(whats)
        yield _in_time(scan, self.of.span)

    # -- behind a number

    def behind(self, measure: str, keys: Sequence[object]) -> Select[Any]:
        one = self.of.figures.measures[measure]
        kind = one.of if one.of in (ISSUE, PROMISE) else "event"
        month = next((str(key) for axis, key in zip(self.of.axes, keys, strict=True) if axis.name == "month"), "")
        ends = dict(self.of.span.months())
        scan = _Scan(kind, one.at, (measure,), (month, ends.get(month, self.of.span.end)))
        asked = self.of.figures.conditions[measure]
        where = [*self._where(scan), self.sql(asked)]
        where += [self._at_cell(scan, axis, key) for axis, key in zip(self.of.axes, keys, strict=True)]
        # what is due is read by how long it has been so
        first = _i.finish_at if scan.at == DUE and scan.of == ISSUE else _i.opened_on
        query = select(_i.id, _i.number, _i.opened_on, first).select_from(_table(scan)).where(*where).distinct()
        return query.order_by(first, _i.id)

    def _at_cell(self, scan: _Scan, axis: FigureAxis, key: object) -> ColumnElement[bool]:
        match axis.name:
            case "station":
                return _i.station_id == key
            case "area":
                up = _above() if axis.level is None else _regions(axis.level)
                of = up.c.region.is_(None) if key is None else up.c.region == key
                these = select(stations.c.id).join(up, up.c.area_id == stations.c.area_id).where(of)
                return _i.station_id.in_(these)
            case "process" | "step":
                process, _, step = str(key).partition("/")
                these = select(definition_versions.c.id).where(definition_versions.c.key == process)
                at = and_(true(), _i.step == step) if axis.name == "step" else true()
                return and_(_i.definition_version_id.in_(these), at) if key is not None else _i.step.is_(None)
            case "month":
                return true() if scan.at == IN_HAND else _month(scan) == key
        column = _COLUMNS[axis.name]
        return column.is_(None) if key is None else column == key


def _table(scan: _Scan) -> Any:
    if scan.of == "event":
        return tallies.join(issues, _i.id == tallies.c.issue_id)
    if scan.of == PROMISE:
        return promises.join(issues, _i.id == promises.c.issue_id)
    return issues


def _day(scan: _Scan) -> ColumnElement[Any]:
    if scan.of == "event":
        return tallies.c.on_day
    return promises.c.due_on if scan.of == PROMISE else _DAYS[scan.at]


def _in_time(scan: _Scan, span: DaySpan) -> ColumnElement[bool]:
    if scan.month is not None and scan.at == IN_HAND:
        last = literal(scan.month[1], Date())
        return and_(_i.opened_on <= last, or_(_i.closed_on.is_(None), _i.closed_on > last))
    day = _day(scan)
    begin, end = span.begin, span.end
    return day.between(literal(begin, Date()), literal(end, Date()))


def _month(scan: _Scan) -> ColumnElement[str]:
    if scan.month is not None and scan.at == IN_HAND:
        return literal(scan.month[0], String())
    return func.substr(cast(_day(scan), String()), _FIRST, _SEVEN)


def _regions(level: str) -> CTE:
    """Each area with the nearest of a level (or of several) at or above it, as one row."""
    fits = areas.c.level.in_(level.split("+"))
    own = case((fits, areas.c.id))
    top = select(areas.c.id.label("area_id"), own.label("region")).where(areas.c.parent_id.is_(None))
    found = top.cte(f"region_{level.replace('-', '_').replace('+', '_')}", recursive=True)
    region = case((fits, areas.c.id), else_=found.c.region)
    return found.union_all(select(areas.c.id, region).join(found, areas.c.parent_id == found.c.area_id))


def _above() -> CTE:
    """Each area with itself, all above it, and (empty) the whole."""
    itself = select(areas.c.id.label("area_id"), areas.c.id.label("region"))
    found = itself.cte("above", recursive=True)
    step = select(found.c.area_id, areas.c.parent_id).join(areas, areas.c.id == found.c.region)
    return found.union(step.where(found.c.region.is_not(None)))
