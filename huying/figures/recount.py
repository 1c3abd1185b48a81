"""Figures counted again from the history alone, as of any moment: what a frozen report is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from definitions.figures.names import CLOSED, DUE, EVENTS, IN_HAND, ISSUE, PROMISE
from huying.access.viewer import Viewer
from huying.database.tables import areas, history, issues, stations
from huying.figures.fold import FoldedIssue, folded
from huying.figures.question import FigureAxis, FigureQuestion
from huying.figures.sets import SetInForce, set_in_force
from huying.figures.statement import FigureCount
from huying.figures.table import Assembly, FigureTable, Key, assembled, counting
from huying.house.house import House

#: The histories of so many issues are read at once.
PORTION = 500


def recount(
    house: House,
    reader: Viewer | None,
    question: FigureQuestion,
    as_of: datetime,
    *,
    language: str = "zh",
    found: SetInForce | None = None,
) -> FigureTable:
    """The same table as ``table`` gives, folded from the history as it was known at a moment; areas and stations are today's."""
    return recounts(house, reader, (question,), as_of, language=language, found=found)[question]


def recounts(
    house: House,
    reader: Viewer | None,
    questions: Collection[FigureQuestion],
    as_of: datetime,
    *,
    language: str = "zh",
    found: SetInForce | None = None,
) -> Mapping[FigureQuestion, FigureTable]:
    """The tables of several questions of the same set about the same places: each history is folded once for all of them."""
    first = next(iter(questions), None)
    if first is None:
        return {}
    found = found or set_in_force(house, first.figures)
    with house.database.reading() as connection:
        places = {row.id: row.area_id for row in connection.execute(select(stations.c.id, stations.c.area_id))}
        tree = {row.id: (row.parent_id, row.level) for row in connection.execute(select(areas))}
        whole = {
            one: _Recount(counting(house, connection, found, reader, one, as_of), places, tree) for one in questions
        }
    counts: dict[FigureQuestion, dict[Key, Counter[str]]] = {one: {} for one in whole}
    for issue in _every(house, whole[first].asked, as_of):
        for question, of in whole.items():
            if _narrow(issue, question):
                for keys, measure in of.of(issue):
                    counts[question].setdefault(keys, Counter())[measure] += 1
    return {
        one: assembled(house, found, one, counts[one], Assembly(language, as_of, of.asked.axes))
        for one, of in whole.items()
    }


def _narrow(one: FoldedIssue, question: FigureQuestion) -> bool:
    """Whether it was the deputy's or department's at the moment, if one is asked for."""
    deputy = question.deputy is None or one.deputy == question.deputy
    return deputy and (question.department is None or one.lasting.get("department_id") == question.department)


def _every(house: House, asked: FigureCount, as_of: datetime) -> Iterator[FoldedIssue]:
    """Every issue of the places asked for that was there, portion by portion."""
    last = 0
    while True:
        query = (
            select(*(issues.c[name] for name in ("id", "station_id", "definition_version_id")))
            .where(issues.c.id > last, issues.c.opened_at <= as_of, *asked.places)
            .order_by(issues.c.id)
            .limit(PORTION)
        )
        with house.database.reading() as connection:
            rows = connection.execute(query).all()
            if not rows:
                return
            entries = _entries(connection, [row.id for row in rows])
        last = rows[-1].id
        for row in rows:
            one = folded(house, row, entries.get(row.id, []), as_of)
            if one is not None:
                yield one


def _entries(connection: Any, ids: list[int]) -> Mapping[int, list[Row[Any]]]:
    query = (
        select(history.c.issue_id, history.c.at, history.c.event, history.c.changes)
        .where(history.c.issue_id.in_(ids))
        .order_by(history.c.issue_id, history.c.sequence)
    )
    return {number: list(rows) for number, rows in groupby(connection.execute(query), lambda row: row.issue_id)}


class _Recount:
    """What one folded issue counts for."""

    def __init__(
        self, asked: FigureCount, places: Mapping[int, int], tree: Mapping[int, tuple[int | None, str]]
    ) -> None:
        self.asked, self._places, self._tree = asked, places, tree

    def of(self, one: FoldedIssue) -> Iterator[tuple[Key, str]]:
        """Each cell and measure in which it counts once."""
        figures = self.asked.figures
        if not one.fits(figures.base):
            return
        for measure in self.asked.measures:
            counted, where = figures.measures[measure], figures.conditions[measure]
            for day, more in _occasions(one, counted.of, counted.at, self.asked):
                if one.fits(where, **more):
                    for keys in self._cells(one, day):
                        yield keys, measure

    def _cells(self, one: FoldedIssue, day: date) -> Iterator[Key]:
        cells: list[Key] = [()]
        for axis in self.asked.axes:
            cells = [(*cell, key) for cell in cells for key in self._keys(one, axis, day)]
        yield from cells

    def _keys(self, one: FoldedIssue, axis: FigureAxis, day: date) -> list[object]:
        match axis.name:
            case "area":
                return self._regions(self._places[one.station], axis.level)
            case "month":
                return [f"{day:%Y-%m}"]
            case "step":
                return [f"{one.process}/{one.step}" if one.step else None]
            case "department":
                return [one.lasting.get("department_id")]
        return [getattr(one, axis.name)]

    def _regions(self, area: int, level: str | None) -> list[object]:
        above: list[int] = []
        here: int | None = area
        while here is not None and here not in above:
            above.append(here)
            here = self._tree[here][0]
        if level is None:
            return [*above, None]
        return [next((one for one in above if self._tree[one][1] in level.split("+")), None)]


def _occasions(one: FoldedIssue, of: str, at: str, asked: FigureCount) -> Iterator[tuple[date, dict[str, object]]]:
    """The days within the span on which it counts, with what is counted there; of what is in hand, the last one, or every month's."""
    span = asked.span
    if of == ISSUE and at == IN_HAND:
        assert one.opened_on is not None
        by_month = any(axis.name == "month" for axis in asked.axes)
        for last in (end for _, end in span.months()) if by_month else (span.end,):
            if one.opened_on <= last and (one.closed_on is None or one.closed_on > last):
                yield last, {}
        return
    if of == ISSUE:
        day = one.closed_on if at == CLOSED else one.lasting.get("finish_on") if at == DUE else one.opened_on
        several: list[tuple[date | None, dict[str, object]]] = [(day, {})]
    elif of == PROMISE:
        several = [(due, {"promise": status}) for due, status in one.promises]
    else:
        happened = [each for each in one.happenings if each.what == EVENTS[of]]
        several = [(each.on_day, {"value": each.value, "time": each.nth}) for each in happened]
    for moment, more in several:
        if moment is not None and span.begin <= moment <= span.end:
            yield moment, more
