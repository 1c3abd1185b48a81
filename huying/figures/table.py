"""Figures as a table: every number with its parts, its words, and the moment as of which it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from definitions.model.reference import participant
from definitions.text import words
from engine.refusal import NotAllowed
from huying.access.viewer import Viewer
from huying.database.tables import areas, definition_versions, issues, stations
from huying.errors import NotFound
from huying.figures.columns import SqlConditions
from huying.figures.labels import labels_of
from huying.figures.question import DaySpan, FigureAxis, FigureQuestion, axes_of, needed, wanted
from huying.figures.sets import SetInForce, set_in_force
from huying.figures.statement import FigureCount, everywhere, in_area, issues_behind, statement
from huying.house.house import House

#: Over so few there is a rate, and it says little: whoever shows it says so.
FEW = 10

Key = tuple[object, ...]
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A number (``measure``) or a rate of two of them: what it is called, what it means in words, and of which measures it is made."""

    key: str
    title: str
    help: str
    rate: bool = False
    of: str = ""
    over: str = ""
    beside: FigureColumn | None = None


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A number, or the numerator of a rate; ``over`` is its denominator (``None`` of a number)."""

    number: int
    over: int | None = None

    @property
    def share(self) -> Fraction | None:
        """The rate; ``None`` of a number, and over nothing."""
        return Fraction(self.number, self.over) if self.over else None

    @property
    def few(self) -> bool:
        """Whether it is a rate over so few that one more changes it much."""
        return self.over is not None and self.over < FEW

    @property
    def said(self) -> str:
        """As people read it: ``312``, ``98.5%``, and “—” for a rate over nothing."""
        if self.over is None:
            return str(self.number)
        share = self.share
        return "—" if share is None else f"{float(share * 100):.1f}%"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One cell of the axes: its keys, what they are called, and all counts.

    Keys are ids of stations, areas, people and departments, else texts; ``None``: without.
    """

    keys: Key
    labels: tuple[str, ...]
    counts: Counts

    def value(self, column: FigureColumn) -> FigureValue:
        """What stands in a column."""
        if column.rate:
            return FigureValue(self.counts.get(column.of, 0), self.counts.get(column.over, 0))
        return FigureValue(self.counts.get(column.key, 0))


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Figures of one set and version, of the days of ``span``, as of a moment.

    ``overlaps``: its rows are of several levels, and do not add up to the total.
    """

    set: SetInForce
    span: DaySpan
    as_of: datetime
    axes: tuple[FigureAxis, ...]
    columns: tuple[FigureColumn, ...]
    rows: tuple[FigureRow, ...]
    total: FigureRow
    overlaps: bool

    def column(self, key: str) -> FigureColumn:
        """The column of a measure or rate; ``NotFound`` if it was not asked for."""
        for one in self.columns:
            if one.key == key:
                return one
        raise NotFound(f"这张表里没有“{key}”。", f"This table has no “{key}”.")

    def ranks(self, key: str) -> tuple[int | None, ...]:
        """The place of each row by a column, the highest first; equal ones share a place, and a rate over nothing has none."""
        column = self.column(key)
        several = [row.value(column) for row in self.rows]
        sizes = [one.share if column.rate else Fraction(one.number) for one in several]
        return tuple(None if size is None else 1 + sum(o is not None and o > size for o in sizes) for size in sizes)


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One number: of which measure, and the keys of its row (none: the total)."""

    measure: str
    keys: Key = ()


@dataclass(frozen=True, slots=True)
class BehindIssue:
    """An issue that a number counts."""

    id: int
    number: str
    opened_on: date


def table(
    house: House,
    reader: Viewer | None,
    question: FigureQuestion,
    language: str,
    now: datetime,
    found: SetInForce | None = None,
) -> FigureTable:
    """The figures of a question, as of now; of what the reader looks after (``None``: the house itself asks, and all is counted).

    ``found``: by which set, else the one in force. ``NotAllowed`` for whoever looks after nothing, and asks of more than themself.
    """
    found = found or set_in_force(house, question.figures)
    with house.database.reading() as connection:
        axes, cells = cells_of(house, connection, found, reader, question, now)
    return assembled(house, found, question, cells, Assembly(language, now, axes))


def cells_of(
    house: House,
    connection: Connection,
    found: SetInForce,
    reader: Viewer | None,
    question: FigureQuestion,
    now: datetime,
) -> tuple[tuple[FigureAxis, ...], Mapping[Key, Counts]]:
    """The axes of a question, and its counts by cell, as one connection sees them."""
    asked = counting(house, connection, found, reader, question, now)
    rows = connection.execute(statement(asked)).all()
    size = len(asked.axes)
    cells = {tuple(row[:size]): dict(zip(asked.measures, map(_whole, row[size:]), strict=True)) for row in rows}
    return asked.axes, cells


def behind(
    house: House, reader: Viewer | None, question: FigureQuestion, cell: FigureCell, now: datetime, most: int = 1000
) -> tuple[BehindIssue, ...]:
    """The issues behind one number (of a rate: its numerator's or denominator's measure), within the reader's rights, the oldest first.

    Of what is due, that which was due first: the twenty that are late for longest are ``late`` with ``most=20``.
    """
    found = set_in_force(house, question.figures)
    if cell.measure not in found.figures.measures:
        raise NotFound(f"没有名为“{cell.measure}”的数。", f"There is no measure “{cell.measure}”.")
    asked = replace(question, measures=(cell.measure,), by=question.by if cell.keys else ())
    with house.database.reading() as connection:
        behind_it = counting(house, connection, found, reader, asked, now)
        rows = connection.execute(issues_behind(behind_it, cell.measure, cell.keys).limit(most)).all()
    return tuple(BehindIssue(row.id, row.number, row.opened_on) for row in rows)


@dataclass(frozen=True, slots=True)
class Assembly:
    """How counts become a table: in which language, as of which moment, by which axes."""

    language: str
    as_of: datetime
    axes: tuple[FigureAxis, ...]


def assembled(
    house: House, found: SetInForce, question: FigureQuestion, cells: Mapping[Key, Counts], how: Assembly
) -> FigureTable:
    """The table of counts by cell."""
    measures, rates = wanted(found.figures, question.measures)
    counted = needed(found.figures, measures, rates)
    overlaps = any(axis.overlaps for axis in how.axes)
    whole = _total(cells, counted, how.axes)
    if overlaps:
        place = next(index for index, axis in enumerate(how.axes) if axis.overlaps)
        cells = {keys: counts for keys, counts in cells.items() if keys[place] is not None}
    named = labels_of(house, how.axes, cells.keys(), how.language)
    rows = [
        FigureRow(keys, named.labels(keys), {key: counts.get(key, 0) for key in counted})
        for keys, counts in cells.items()
        if any(counts.values())
    ]
    return FigureTable(
        set=found,
        span=question.span,
        as_of=how.as_of,
        axes=how.axes,
        columns=_columns(found, measures, rates, how.language),
        rows=tuple(sorted(rows, key=lambda row: named.order(row.keys))),
        total=FigureRow((), (), whole),
        overlaps=overlaps,
    )


def _whole(value: Any) -> int:
    return int(value or 0)


def _total(cells: Mapping[Key, Counts], counted: Sequence[str], axes: Sequence[FigureAxis]) -> Counts:
    """The sum of all cells; of areas of every level, of those that stand for the whole."""
    levels = [index for index, axis in enumerate(axes) if axis.overlaps]
    these = [counts for keys, counts in cells.items() if all(keys[index] is None for index in levels)]
    return {key: sum(counts.get(key, 0) for counts in these) for key in counted}


def _columns(
    found: SetInForce, measures: Sequence[str], rates: Sequence[str], language: str
) -> tuple[FigureColumn, ...]:
    figures = found.figures
    counted = [
        FigureColumn(key, words(one.title, language), words(one.help, language))
        for key, one in ((key, figures.measures[key]) for key in measures)
    ]
    for key in rates:
        one = figures.rates[key]
        aside = one.beside
        beside = FigureColumn("", words(aside.title, language), "", True, aside.of, aside.over) if aside else None
        counted.append(
            FigureColumn(key, words(one.title, language), words(one.help, language), True, one.of, one.over, beside)
        )
    return tuple(counted)


def counting(
    house: House,
    connection: Connection,
    found: SetInForce,
    reader: Viewer | None,
    question: FigureQuestion,
    now: datetime,
) -> FigureCount:
    """What is to be counted for a question, within the reader's rights."""
    figures = found.figures
    levels = {level: level for level in connection.execute(select(areas.c.level).distinct()).scalars()}
    axes = axes_of(figures, question.by, levels)
    measures, rates = wanted(figures, question.measures)
    return FigureCount(
        figures=figures,
        measures=needed(figures, measures, rates),
        span=question.span,
        axes=axes,
        places=(*_places(connection, question), *_allowed(reader, question)),
        whose=tuple(_whose(question)),
        conditions=SqlConditions(now, versions(house, connection)),
    )


def versions(house: House, connection: Connection) -> Mapping[int, tuple[str, str]]:
    """Of every version of a definition: its key, and what its issues are counted as."""
    rows = connection.execute(select(definition_versions.c.id, definition_versions.c.key)).all()
    return {number: (key, house.processes.process(number).definition.matter) for number, key in rows}


def _places(connection: Connection, question: FigureQuestion) -> list[ColumnElement[bool]]:
    """At which stations; with nobody named, all of them are looked up one by one."""
    found: list[ColumnElement[bool]] = []
    if question.area is not None:
        if connection.execute(select(areas.c.id).where(areas.c.code == question.area)).first() is None:
            raise NotFound(f"没有代码为“{question.area}”的区域。", f"There is no area with the code “{question.area}”.")
        found.append(in_area(question.area))
    if question.stations:
        found.append(issues.c.station_id.in_(select(stations.c.id).where(stations.c.code.in_(question.stations))))
    return found or ([everywhere()] if question.deputy is None else [])


def _whose(question: FigureQuestion) -> list[ColumnElement[bool]]:
    deputy = [issues.c.answerable_id == question.deputy] if question.deputy is not None else []
    return deputy + ([issues.c.department_id == question.department] if question.department is not None else [])


def _allowed(reader: Viewer | None, question: FigureQuestion) -> list[ColumnElement[bool]]:
    if reader is None or reader.office:
        return []
    if question.deputy is not None and participant(question.deputy) == reader.actor.party:
        return []
    if not reader.staff:
        raise NotAllowed
    return [issues.c.station_id.in_(sorted(reader.stations))]
